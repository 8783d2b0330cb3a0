using System.Buffers.Binary;
using System.Text;
using AgentFlow.Protocol.Buffers;

namespace AgentFlow.Protocol.Frames;

/// <summary>What a writer puts in a frame's extension block; what is left unset is left out.</summary>
/// <remarks>Valid as long as the spans given to it are.</remarks>
public ref struct FrameExtensions
{
    /// <summary>The W3C <c>traceparent</c>, exactly 55 ASCII characters, or null.</summary>
    public string? TraceParent { get; set; }

    /// <summary>The W3C <c>baggage</c>, or null.</summary>
    public string? Baggage { get; set; }

    /// <summary>The id of the message whose handling caused this one, or null.</summary>
    public MessageId? CausationId { get; set; }

    /// <summary>16 random bytes for a gated request, or empty.</summary>
    public ReadOnlySpan<byte> Salt { get; set; }

    /// <summary>The agent that the message is for, or null.</summary>
    public AgentId? Target { get; set; }

    /// <summary>The content subject of a plain-text frame, or null.</summary>
    public string? ContentSubject { get; set; }

    /// <summary>Appends the block.</summary>
    /// <returns>Its length in bytes.</returns>
    /// <exception cref="InvalidOperationException">An entry has the wrong form, or the block exceeds 65,535 bytes.</exception>
    internal readonly int WriteTo(PooledBuffer buffer)
    {
        int start = buffer.Length;
        if (TraceParent is { } traceParent)
        {
            if (traceParent.Length != ExtensionBlock.TraceParentSize || !Ascii.IsValid(traceParent))
                throw new InvalidOperationException("A traceparent has exactly 55 ASCII characters: pass the id of an Activity in the W3C format.");
            WriteText(buffer, ExtensionType.TraceParent, traceParent);
        }

        if (Baggage is { } baggage)
            WriteText(buffer, ExtensionType.Baggage, baggage);
        if (CausationId is { } causation)
        {
            Span<byte> id = stackalloc byte[MessageId.Size];
            causation.Write(id);
            WriteBytes(buffer, ExtensionType.CausationId, id);
        }

        if (!Salt.IsEmpty)
        {
            if (Salt.Length != ExtensionBlock.SaltSize || !Salt.ContainsAnyExcept((byte)0))
                throw new InvalidOperationException("A salt is 16 random bytes, not all zero.");
            WriteBytes(buffer, ExtensionType.Salt, Salt);
        }

        if (Target is { } target)
            WriteBytes(buffer, ExtensionType.Target, target.Span);
        if (ContentSubject is { } subject)
            WriteText(buffer, ExtensionType.ContentSubject, subject);
        int length = buffer.Length - start;
        return length <= ushort.MaxValue
            ? length
            : throw new InvalidOperationException("The extension block of a frame exceeds 65,535 bytes: shorten the baggage or the content subject.");
    }

    private static void WriteText(PooledBuffer buffer, ExtensionType type, string text)
    {
        var value = WriteEntryHeader(buffer, type, Encoding.UTF8.GetByteCount(text));
        Encoding.UTF8.GetBytes(text, value);
    }

    private static void WriteBytes(PooledBuffer buffer, ExtensionType type, ReadOnlySpan<byte> bytes) =>
        bytes.CopyTo(WriteEntryHeader(buffer, type, bytes.Length));

    private static Span<byte> WriteEntryHeader(PooledBuffer buffer, ExtensionType type, int length)
    {
        if (length > ushort.MaxValue)
            throw new InvalidOperationException($"The extension {type} exceeds 65,535 bytes.");
        var entry = buffer.GetSpan(3 + length)[..(3 + length)];
        entry[0] = (byte)type;
        BinaryPrimitives.WriteUInt16LittleEndian(entry[1..], (ushort)length);
        buffer.Advance(entry.Length);
        return entry[3..];
    }
}
