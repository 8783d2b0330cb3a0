using System.Buffers.Binary;
using System.Text;

namespace AgentFlow.Protocol.Frames;

/// <summary>A checked view of a frame's extension block: entries of type u8, length u16 and bytes, ascending by type, none twice.</summary>
/// <remarks>Reference: protocol.md 2.8. Valid as long as the bytes under it are.</remarks>
public readonly ref struct ExtensionBlock
{
    /// <summary>The size of a salt in bytes.</summary>
    public const int SaltSize = 16;

    /// <summary>The size of a <c>traceparent</c> in ASCII characters.</summary>
    public const int TraceParentSize = 55;

    private const int EntryHeaderSize = 3;

    private ExtensionBlock(ReadOnlySpan<byte> bytes, bool hasUnknownTypes)
    {
        Bytes = bytes;
        HasUnknownTypes = hasUnknownTypes;
    }

    /// <summary>The bytes of the whole block, unknown entries included.</summary>
    public ReadOnlySpan<byte> Bytes { get; }

    /// <summary>Whether an entry has a type that this version does not know: no gated frame may have one.</summary>
    public bool HasUnknownTypes { get; }

    /// <summary>The <c>traceparent</c>, or null.</summary>
    public string? TraceParent => Text(ExtensionType.TraceParent);

    /// <summary>The <c>baggage</c>, or null.</summary>
    public string? Baggage => Text(ExtensionType.Baggage);

    /// <summary>The id of the message that caused this one, or null.</summary>
    public MessageId? CausationId => TryGet(ExtensionType.CausationId, out var bytes) ? MessageId.Read(bytes) : null;

    /// <summary>The 16 bytes of salt, or an empty span.</summary>
    public ReadOnlySpan<byte> Salt => TryGet(ExtensionType.Salt, out var bytes) ? bytes : default;

    /// <summary>The agent that the message is for, or null.</summary>
    public AgentId? Target => TryGet(ExtensionType.Target, out var bytes) ? new AgentId(bytes) : null;

    /// <summary>The content subject of a plain-text frame, or null.</summary>
    public string? ContentSubject => Text(ExtensionType.ContentSubject);

    /// <summary>Checks a block that may be hostile.</summary>
    /// <param name="bytes">The whole block.</param>
    /// <param name="block">The view, if the result is true.</param>
    /// <param name="error">Why it is refused, or <see cref="ProtocolError.None"/>.</param>
    public static bool TryParse(ReadOnlySpan<byte> bytes, out ExtensionBlock block, out ProtocolError error)
    {
        block = default;
        error = ProtocolError.Extension;
        bool hasUnknownTypes = false;
        int previous = -1;
        var rest = bytes;
        while (!rest.IsEmpty)
        {
            if (rest.Length < EntryHeaderSize || rest[0] <= previous)
                return false;
            int length = BinaryPrimitives.ReadUInt16LittleEndian(rest[1..]);
            if (length > rest.Length - EntryHeaderSize || !IsWellFormed(rest[0], rest.Slice(EntryHeaderSize, length)))
                return false;
            previous = rest[0];
            hasUnknownTypes |= !IsKnown(rest[0]);
            rest = rest[(EntryHeaderSize + length)..];
        }

        block = new ExtensionBlock(bytes, hasUnknownTypes);
        error = ProtocolError.None;
        return true;
    }

    /// <summary>Finds an entry, of a known or an unknown type.</summary>
    /// <param name="type">The wire type.</param>
    /// <param name="value">The entry's bytes, if the result is true.</param>
    public bool TryGet(ExtensionType type, out ReadOnlySpan<byte> value)
    {
        var rest = Bytes;
        while (!rest.IsEmpty && rest[0] <= (byte)type)
        {
            int length = BinaryPrimitives.ReadUInt16LittleEndian(rest[1..]);
            value = rest.Slice(EntryHeaderSize, length);
            if (rest[0] == (byte)type)
                return true;
            rest = rest[(EntryHeaderSize + length)..];
        }

        value = default;
        return false;
    }

    private static bool IsKnown(byte type) => type is >= (byte)ExtensionType.TraceParent and <= (byte)ExtensionType.ContentSubject;

    private static bool IsWellFormed(byte type, ReadOnlySpan<byte> value) => (ExtensionType)type switch
    {
        ExtensionType.TraceParent => value.Length == TraceParentSize && Ascii.IsValid(value),
        ExtensionType.CausationId => value.Length == MessageId.Size,
        ExtensionType.Salt => value.Length == SaltSize && value.ContainsAnyExcept((byte)0),
        ExtensionType.Target => value.Length == Bytes32.Size,
        ExtensionType.Baggage or ExtensionType.ContentSubject => WireText.IsValid(value),
        _ => true,
    };

    private string? Text(ExtensionType type) => TryGet(type, out var bytes) ? Encoding.UTF8.GetString(bytes) : null;
}
