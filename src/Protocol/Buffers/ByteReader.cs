using System.Buffers.Binary;

namespace AgentFlow.Protocol.Buffers;

/// <summary>Reads little-endian fields from bytes that may be hostile. After the first field that does not fit it has failed, and gives zeros.</summary>
internal ref struct ByteReader(ReadOnlySpan<byte> bytes)
{
    private static ReadOnlySpan<byte> Zeros => new byte[32];

    private ReadOnlySpan<byte> _rest = bytes;

    public bool Failed { get; private set; }

    public readonly int Remaining => _rest.Length;

    /// <summary>Whether everything fitted and nothing is left.</summary>
    public readonly bool IsComplete => !Failed && _rest.IsEmpty;

    public ReadOnlySpan<byte> ReadBytes(long count)
    {
        if (Failed || count > _rest.Length || count < 0)
        {
            Failed = true;
            return [];
        }

        var taken = _rest[..(int)count];
        _rest = _rest[(int)count..];
        return taken;
    }

    public byte ReadByte() => Fixed(1)[0];

    public ushort ReadUInt16() => BinaryPrimitives.ReadUInt16LittleEndian(Fixed(2));

    public uint ReadUInt32() => BinaryPrimitives.ReadUInt32LittleEndian(Fixed(4));

    public ulong ReadUInt64() => BinaryPrimitives.ReadUInt64LittleEndian(Fixed(8));

    public long ReadInt64() => BinaryPrimitives.ReadInt64LittleEndian(Fixed(8));

    public Bytes32 ReadBytes32() => new(Fixed(32));

    private ReadOnlySpan<byte> Fixed(int count)
    {
        var taken = ReadBytes(count);
        return Failed ? Zeros[..count] : taken;
    }
}
