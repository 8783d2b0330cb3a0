using System.Buffers;
using System.Buffers.Binary;

namespace AgentFlow.Protocol.Buffers;

/// <summary>Writes little-endian fields.</summary>
internal readonly struct ByteWriter(IBufferWriter<byte> output)
{
    public void Write(ReadOnlySpan<byte> bytes) => output.Write(bytes);

    public void Write(Bytes32 value) => output.Write(value.Span);

    public void Write(byte value) => output.Write([value]);

    public void Write(ushort value)
    {
        BinaryPrimitives.WriteUInt16LittleEndian(output.GetSpan(2), value);
        output.Advance(2);
    }

    public void Write(uint value)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(output.GetSpan(4), value);
        output.Advance(4);
    }

    public void Write(ulong value)
    {
        BinaryPrimitives.WriteUInt64LittleEndian(output.GetSpan(8), value);
        output.Advance(8);
    }

    public void Write(long value)
    {
        BinaryPrimitives.WriteInt64LittleEndian(output.GetSpan(8), value);
        output.Advance(8);
    }
}
