namespace AgentFlow.Protocol.Frames;

/// <summary>A checked view of one frame: header, extension block and payload, in one piece of an opened plaintext.</summary>
/// <remarks>Valid as long as the plaintext under it is. Reading copies nothing.</remarks>
public readonly ref struct Frame
{
    private Frame(FrameHeader header, ExtensionBlock extensions, ReadOnlySpan<byte> bytes)
    {
        Header = header;
        Extensions = extensions;
        Bytes = bytes;
    }

    /// <summary>The header.</summary>
    public FrameHeader Header { get; }

    /// <summary>The extension block.</summary>
    public ExtensionBlock Extensions { get; }

    /// <summary>All bytes of the frame: header, extension block, payload.</summary>
    public ReadOnlySpan<byte> Bytes { get; }

    /// <summary>The payload.</summary>
    public ReadOnlySpan<byte> Payload => Bytes[(FrameHeader.Size + Header.ExtensionLength)..];

    /// <summary>Reads the frame at the start of bytes that may be hostile.</summary>
    /// <param name="bytes">The frame and whatever follows it; <see cref="Bytes"/> says how much belongs to it.</param>
    /// <param name="frame">The view, if the result is true.</param>
    /// <param name="error">Why it is refused, or <see cref="ProtocolError.None"/>.</param>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out Frame frame, out ProtocolError error)
    {
        frame = default;
        if (!FrameHeader.TryRead(bytes, out var header, out error))
            return false;
        long length = (long)FrameHeader.Size + header.ExtensionLength + header.PayloadLength;
        if (length > bytes.Length)
        {
            error = ProtocolError.Length;
            return false;
        }

        if (!ExtensionBlock.TryParse(bytes.Slice(FrameHeader.Size, header.ExtensionLength), out var extensions, out error))
            return false;
        frame = new Frame(header, extensions, bytes[..(int)length]);
        return true;
    }
}
