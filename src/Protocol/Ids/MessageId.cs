using System.Buffers.Binary;

namespace AgentFlow;

/// <summary>The id of an envelope, chosen by its sender before the first send: the hub accepts it once a thread.</summary>
/// <param name="Value">A UUIDv7 for a message that starts something, a UUIDv8 derived from its cause, under a key of the sender, for one that a handler sends.</param>
public readonly record struct MessageId(Guid Value)
{
    /// <summary>The size in bytes.</summary>
    public const int Size = 16;

    /// <summary>Reads the 16 big-endian bytes of an id.</summary>
    public static MessageId Read(ReadOnlySpan<byte> bytes) => new(new Guid(bytes[..Size], bigEndian: true));

    /// <summary>Writes the 16 big-endian bytes of this id.</summary>
    public void Write(Span<byte> destination) => Value.TryWriteBytes(destination, bigEndian: true, out _);

    /// <summary>Makes a UUIDv7 for the given time, with the random bits given.</summary>
    /// <param name="time">The time, of which the milliseconds are kept.</param>
    public static MessageId New(DateTimeOffset time) => new(Guid.CreateVersion7(time));

    /// <summary>Makes the UUIDv8 of (milliseconds, hash): the same cause and index always give the same id (RFC 9562 section 5.8).</summary>
    /// <param name="unixMilliseconds">The time of the cause.</param>
    /// <param name="hash">At least 10 bytes of a keyed hash of cause and index: an id that others can tell in advance can be taken by them.</param>
    public static MessageId Derive(long unixMilliseconds, ReadOnlySpan<byte> hash)
    {
        Span<byte> bytes = stackalloc byte[Size];
        BinaryPrimitives.WriteInt64BigEndian(bytes, unixMilliseconds << 16);
        hash[..10].CopyTo(bytes[6..]);
        bytes[6] = (byte)(0x80 | (bytes[6] & 0x0F));
        bytes[8] = (byte)(0x80 | (bytes[8] & 0x3F));
        return Read(bytes);
    }

    /// <summary>The id in the usual hyphenated form.</summary>
    public override string ToString() => Value.ToString("D");
}
