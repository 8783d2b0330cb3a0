using System.Buffers.Binary;
using AgentFlow.Store;

namespace AgentFlow.Engine;

/// <summary>One thing that a handler is called for: a frame, or the continuation of the request in it.</summary>
internal readonly record struct WorkKey(FramePosition Frame, bool IsContinuation)
{
    private const int Size = 13;

    public byte[] Encode()
    {
        byte[] bytes = new byte[Size];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, Frame.Position);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(8), Frame.Frame);
        bytes[12] = IsContinuation ? (byte)1 : (byte)0;
        return bytes;
    }

    public static WorkKey Decode(ReadOnlySpan<byte> bytes) =>
        new(new FramePosition(BinaryPrimitives.ReadInt64LittleEndian(bytes), BinaryPrimitives.ReadInt32LittleEndian(bytes[8..])), bytes[12] != 0);
}
