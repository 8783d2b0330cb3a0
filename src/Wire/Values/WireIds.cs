using Google.Protobuf;

namespace AgentFlow.Wire.Values;

/// <summary>Ids as the bytes of a message. What comes from outside may have any length.</summary>
internal static class WireIds
{
    public static ByteString ToWire(this AgentId id) => ByteString.CopyFrom(id.Span);

    public static ByteString ToWire(this ThreadId id) => ByteString.CopyFrom(id.Span);

    public static ByteString ToWire(this Bytes32 id) => ByteString.CopyFrom(id.Span);

    public static ByteString ToWire(this MessageId id) => id.Value.ToWire();

    public static ByteString ToWire(this Guid id)
    {
        Span<byte> bytes = stackalloc byte[MessageId.Size];
        id.TryWriteBytes(bytes, bigEndian: true, out _);
        return ByteString.CopyFrom(bytes);
    }

    public static bool TryRead(this ByteString bytes, out AgentId id)
    {
        bool isId = bytes.TryRead(out Bytes32 value);
        id = new AgentId(value);
        return isId;
    }

    public static bool TryRead(this ByteString bytes, out ThreadId id)
    {
        bool isId = bytes.TryRead(out Bytes32 value);
        id = new ThreadId(value);
        return isId;
    }

    public static bool TryRead(this ByteString bytes, out Bytes32 id)
    {
        bool isId = bytes.Length == Bytes32.Size;
        id = isId ? new Bytes32(bytes.Span) : default;
        return isId;
    }

    public static bool TryRead(this ByteString bytes, out MessageId id)
    {
        bool isId = bytes.TryRead(out Guid value);
        id = new MessageId(value);
        return isId;
    }

    public static bool TryRead(this ByteString bytes, out Guid id)
    {
        bool isId = bytes.Length == MessageId.Size;
        id = isId ? new Guid(bytes.Span, bigEndian: true) : default;
        return isId;
    }
}
