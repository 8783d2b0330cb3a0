namespace AgentFlow.Protocol.Frames;

/// <summary>Reads the plaintext of an envelope: frame count, frames, 0x80, zeros. All is checked before the first frame is handed out.</summary>
/// <remarks>Reference: protocol.md 2.8. How far a sender padded is not checked: the sender's affair. Valid as long as its plaintext is.</remarks>
public ref struct PlaintextReader
{
    private ReadOnlySpan<byte> _rest;
    private int _left;

    private PlaintextReader(int frameCount, ReadOnlySpan<byte> frames)
    {
        FrameCount = frameCount;
        _left = frameCount;
        _rest = frames;
    }

    /// <summary>How many frames the envelope holds: 0 in a heartbeat, else 1 to 255.</summary>
    public int FrameCount { get; }

    /// <summary>Checks a padded plaintext that may be hostile.</summary>
    /// <param name="plaintext">The padded plaintext.</param>
    /// <param name="isHeartbeat">Whether the envelope is a heartbeat: no frame then, at least one else.</param>
    /// <param name="isMultiFrame">Whether the envelope has the multi-frame flag: two frames or more then, at most one else.</param>
    /// <param name="reader">Hands out the frames, if the result is true.</param>
    /// <param name="error">Why it is refused, or <see cref="ProtocolError.None"/>.</param>
    public static bool TryParse(ReadOnlySpan<byte> plaintext, bool isHeartbeat, bool isMultiFrame, out PlaintextReader reader, out ProtocolError error)
    {
        reader = default;
        error = ProtocolError.Length;
        if (plaintext.IsEmpty)
            return false;
        int frameCount = plaintext[0];
        error = ProtocolError.FrameCount;
        if (frameCount == 0 != isHeartbeat || frameCount > 1 != isMultiFrame)
            return false;
        var rest = plaintext[1..];
        for (int i = 0; i < frameCount; i++)
        {
            if (!Frame.TryRead(rest, out var frame, out error))
                return false;
            rest = rest[frame.Bytes.Length..];
        }

        error = ProtocolError.Padding;
        if (rest.IsEmpty || rest[0] != Padding.Marker || rest[1..].ContainsAnyExcept((byte)0))
            return false;
        reader = new PlaintextReader(frameCount, plaintext[1..]);
        error = ProtocolError.None;
        return true;
    }

    /// <summary>Hands out the next frame.</summary>
    /// <returns>False after the last one.</returns>
    public bool TryRead(out Frame frame)
    {
        if (_left == 0)
        {
            frame = default;
            return false;
        }

        // Cannot fail: TryParse read the same bytes.
        Frame.TryRead(_rest, out frame, out _);
        _left--;
        _rest = _rest[frame.Bytes.Length..];
        return true;
    }
}
