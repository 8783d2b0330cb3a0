using System.Buffers.Binary;

namespace AgentFlow.Store.Rows;

/// <summary>The row keys that sealed rows are bound to, so that none is read in the place of another.</summary>
internal static class RowKeys
{
    /// <summary>An outbox row: its message id.</summary>
    public static byte[] Of(MessageId id)
    {
        byte[] key = new byte[MessageId.Size];
        id.Write(key);
        return key;
    }

    /// <summary>An approval: its request and its state, so that a state changed in the file does not open.</summary>
    public static byte[] Of(Bytes32 request, ApprovalState state)
    {
        byte[] key = new byte[Bytes32.Size + sizeof(int)];
        request.Span.CopyTo(key);
        BinaryPrimitives.WriteInt32LittleEndian(key.AsSpan(Bytes32.Size), (int)state);
        return key;
    }

    /// <summary>A timer or a line of the audit: its kind and its hashed name.</summary>
    public static byte[] Of(int kind, ReadOnlySpan<byte> name)
    {
        byte[] key = new byte[sizeof(int) + name.Length];
        BinaryPrimitives.WriteInt32LittleEndian(key, kind);
        name.CopyTo(key.AsSpan(sizeof(int)));
        return key;
    }

    /// <summary>A dead letter: its place.</summary>
    public static byte[] Of(FramePosition frame)
    {
        byte[] key = new byte[sizeof(long) + sizeof(int)];
        BinaryPrimitives.WriteInt64LittleEndian(key, frame.Position);
        BinaryPrimitives.WriteInt32LittleEndian(key.AsSpan(sizeof(long)), frame.Frame);
        return key;
    }
}
