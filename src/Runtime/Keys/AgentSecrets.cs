using System.Security.Cryptography;
using AgentFlow.Protocol.Crypto;
using AgentFlow.Store.Sealing;

namespace AgentFlow.Keys;

/// <summary>The private part of a signed prekey.</summary>
/// <param name="Id">Its number, from 1.</param>
/// <param name="Seed">The 32 private bytes.</param>
/// <param name="Created">When it was made, in Unix milliseconds.</param>
/// <param name="NotAfter">Until when its bundle may be used, in Unix milliseconds.</param>
internal sealed record Prekey(uint Id, byte[] Seed, long Created, long NotAfter);

/// <summary>The private keys of a local agent, as the store seals them. Dispose it to zero them.</summary>
internal sealed class AgentSecrets : IDisposable
{
    private const byte Layout = 1;

    /// <summary>The Ed25519 seed of this device.</summary>
    public required byte[] Device { get; init; }

    /// <summary>The seed of the root, or null where it is kept elsewhere.</summary>
    public byte[]? Root { get; init; }

    /// <summary>The seed of the next root, until it is exported.</summary>
    public byte[]? NextRoot { get; init; }

    /// <summary>The seed of the recovery key, until it is exported.</summary>
    public byte[]? Recovery { get; init; }

    /// <summary>The seed of a person's approver key, or null.</summary>
    public byte[]? Approver { get; init; }

    /// <summary>The prekeys that may still be used, the newest last.</summary>
    public IReadOnlyList<Prekey> Prekeys { get; init; } = [];

    /// <summary>Encodes the keys; the caller zeroes the bytes.</summary>
    public byte[] Encode()
    {
        using var writer = new RowWriter(Layout);
        writer.Bytes(Device);
        foreach (byte[]? seed in (byte[]?[])[Root, NextRoot, Recovery, Approver])
            writer.Bytes(seed);
        writer.Int32(Prekeys.Count);
        foreach (var prekey in Prekeys)
        {
            writer.Int32((int)prekey.Id);
            writer.Bytes(prekey.Seed);
            writer.Int64(prekey.Created);
            writer.Int64(prekey.NotAfter);
        }

        return writer.Written.ToArray();
    }

    /// <summary>Decodes what <see cref="Encode"/> gave.</summary>
    /// <exception cref="KeyException">A newer version wrote it.</exception>
    public static AgentSecrets Decode(ReadOnlySpan<byte> bytes)
    {
        var reader = new RowReader(bytes, Layout);
        byte[] device = reader.Bytes();
        byte[]? root = OrNull(reader.Bytes()), next = OrNull(reader.Bytes()), recovery = OrNull(reader.Bytes()), approver = OrNull(reader.Bytes());
        int count = reader.Int32();
        var prekeys = new List<Prekey>();
        for (int i = 0; i < count && !reader.HasFailed; i++)
            prekeys.Add(new Prekey((uint)reader.Int32(), reader.Bytes(), reader.Int64(), reader.Int64()));
        var secrets = new AgentSecrets { Device = device, Root = root, NextRoot = next, Recovery = recovery, Approver = approver, Prekeys = prekeys };
        bool isWhole = reader.IsComplete && secrets.Seeds.All(seed => seed.Length == SigningKey.SeedSize);
        return isWhole ? secrets : throw new KeyException("keys.version", "The private keys of an agent in the store were written by another version of AgentFlow. Use that.");
    }

    /// <summary>Zeroes all of them.</summary>
    public void Dispose()
    {
        foreach (byte[] seed in Seeds)
            CryptographicOperations.ZeroMemory(seed);
    }

    private IEnumerable<byte[]> Seeds => ((byte[]?[])[Device, Root, NextRoot, Recovery, Approver]).OfType<byte[]>().Concat(Prekeys.Select(prekey => prekey.Seed));

    private static byte[]? OrNull(byte[] seed) => seed.Length == 0 ? null : seed;
}
