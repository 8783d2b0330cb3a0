using System.Buffers.Binary;
using AgentFlow.Protocol.Crypto;

namespace AgentFlow.Protocol.Identity;

/// <summary>The five entries of an identity log.</summary>
internal enum IdentityEntryType : byte
{
    Genesis = 0,
    RotateRoot = 1,
    AddKey = 2,
    RevokeKey = 3,
    Recover = 4,
}

/// <summary>One entry of an identity log, in format only: header 52, body, signatures of 64 each.</summary>
/// <remarks>Reference: protocol.md 2.2. A view on foreign bytes.</remarks>
internal readonly ref struct IdentityEntry
{
    public const int HeaderSize = 52;
    public const int RotateRootSize = 100;
    public const int AddKeySize = 76;
    public const int RevokeKeySize = 73;
    public const int RecoverSize = 132;
    public const int GenesisFixedSize = 97;
    public const int MaximumSize = HeaderSize + GenesisFixedSize + 255 + (2 * SigningKey.SignatureSize);

    private readonly ReadOnlySpan<byte> _bytes;
    private readonly int _bodyLength;

    private IdentityEntry(ReadOnlySpan<byte> bytes, int bodyLength)
    {
        _bytes = bytes;
        _bodyLength = bodyLength;
    }

    public IdentityEntryType Type => (IdentityEntryType)_bytes[3];

    public uint Seq => BinaryPrimitives.ReadUInt32LittleEndian(_bytes[4..]);

    public Bytes32 Previous => new(_bytes.Slice(8, 32));

    public ReadOnlySpan<byte> Body => _bytes.Slice(HeaderSize, _bodyLength);

    /// <summary>The bytes of the whole entry, signatures included.</summary>
    public int Length => _bytes.Length;

    /// <summary>Header and body: what is hashed and signed.</summary>
    public ReadOnlySpan<byte> SignedBytes => _bytes[..(HeaderSize + _bodyLength)];

    public Bytes32 ReadKey(int offset) => new(Body.Slice(offset, 32));

    public uint ReadUInt32(int offset) => BinaryPrimitives.ReadUInt32LittleEndian(Body[offset..]);

    public ReadOnlySpan<byte> Signature(int index) => _bytes.Slice(HeaderSize + _bodyLength + (index * SigningKey.SignatureSize), SigningKey.SignatureSize);

    /// <summary>Reads the first entry of the bytes.</summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out IdentityEntry entry, out ProtocolError error)
    {
        entry = default;
        error = Check(bytes);
        if (error != ProtocolError.None)
            return false;
        int bodyLength = BinaryPrimitives.ReadUInt16LittleEndian(bytes[48..]);
        int length = HeaderSize + bodyLength + (bytes[50] * SigningKey.SignatureSize);
        if (bytes.Length < length)
        {
            error = ProtocolError.Length;
            return false;
        }

        entry = new IdentityEntry(bytes[..length], bodyLength);
        error = entry.CheckBody();
        return error == ProtocolError.None;
    }

    private static ProtocolError Check(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < HeaderSize)
            return ProtocolError.Length;
        if (!bytes.StartsWith("AI"u8))
            return ProtocolError.Magic;
        if (bytes[2] != 1)
            return ProtocolError.Version;
        if (bytes[3] > (byte)IdentityEntryType.Recover)
            return ProtocolError.Kind;
        if (bytes[51] != 0)
            return ProtocolError.Reserved;
        int signatures = (IdentityEntryType)bytes[3] is IdentityEntryType.Genesis or IdentityEntryType.RevokeKey ? 1 : 2;
        return bytes[50] == signatures ? ProtocolError.None : ProtocolError.Field;
    }

    private ProtocolError CheckBody()
    {
        int expected = Type switch
        {
            IdentityEntryType.RotateRoot => RotateRootSize,
            IdentityEntryType.AddKey => AddKeySize,
            IdentityEntryType.RevokeKey => RevokeKeySize,
            IdentityEntryType.Recover => RecoverSize,
            _ => Body.Length < GenesisFixedSize ? -1 : GenesisFixedSize + Body[96],
        };
        if (Body.Length != expected)
            return ProtocolError.Length;
        return Type switch
        {
            IdentityEntryType.Genesis when !IdentityName.IsWellFormed(Body[GenesisFixedSize..]) => ProtocolError.Text,
            IdentityEntryType.AddKey when BinaryPrimitives.ReadUInt16LittleEndian(Body[32..]) is not (1 or 2 or 4) => ProtocolError.Field,
            IdentityEntryType.AddKey when BinaryPrimitives.ReadUInt16LittleEndian(Body[34..]) != 0 => ProtocolError.Reserved,
            _ => ProtocolError.None,
        };
    }
}
