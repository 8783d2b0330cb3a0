using System.Buffers.Binary;
using System.Security.Cryptography;

namespace AgentFlow.Hub.PostgreSql.Copy;

/// <summary>
/// What a set of rows is, whatever their order: how many, and the SHA-256 of each joined by exclusive or. The keys of a table make its rows different.
/// </summary>
internal sealed class RowDigest : IDisposable
{
    private readonly IncrementalHash _row = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly byte[] _joined = new byte[SHA256.HashSizeInBytes];

    public long Count { get; private set; }

    public string Value => Convert.ToHexStringLower(_joined);

    public void Add(byte[]? bytes)
    {
        Add(bytes?.Length ?? -1);
        _row.AppendData(bytes ?? []);
    }

    public void Add(long number)
    {
        Span<byte> bytes = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64BigEndian(bytes, number);
        _row.AppendData(bytes);
    }

    public void EndRow()
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        _row.GetHashAndReset(hash);
        for (int i = 0; i < hash.Length; i++)
            _joined[i] ^= hash[i];
        Count++;
    }

    public void Dispose() => _row.Dispose();
}
