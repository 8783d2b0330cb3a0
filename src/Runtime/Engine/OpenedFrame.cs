using AgentFlow.Contracts;
using AgentFlow.Protocol.Frames;
using AgentFlow.Store;

namespace AgentFlow.Engine;

/// <summary>A frame of an opened envelope: where it lies in the plaintext, so that it can be looked at again after an await.</summary>
internal readonly record struct OpenedFrame(int Index, FrameHeader Header, ReadOnlyMemory<byte> Bytes)
{
    private const int KindOffset = 4;
    private const int FlagsOffset = 5;
    private const byte Commit = 2;
    private const byte Heartbeat = 4;

    public DecoderKey Key => new(Header.Contract, Header.Major, Header.SchemaHash);

    /// <summary>The view of the frame.</summary>
    public Frame View
    {
        get
        {
            // Cannot fail: the same bytes were read before.
            Frame.TryRead(Bytes.Span, out var frame, out _);
            return frame;
        }
    }

    /// <summary>The frames of an envelope; none for a Commit, a heartbeat or one that could not be opened.</summary>
    public static IReadOnlyList<OpenedFrame> Read(HistoryRecord record)
    {
        var header = record.Header.Span;
        if (header.IsEmpty || header[KindOffset] is Commit or Heartbeat || record.Plaintext.IsEmpty
            || !PlaintextReader.TryParse(record.Plaintext.Span, isHeartbeat: false, (header[FlagsOffset] & 1) != 0, out var reader, out _))
            return [];
        var frames = new OpenedFrame[reader.FrameCount];
        int at = 1;
        for (int i = 0; reader.TryRead(out var frame); i++)
        {
            frames[i] = new OpenedFrame(i, frame.Header, record.Plaintext.Slice(at, frame.Bytes.Length));
            at += frame.Bytes.Length;
        }

        return frames;
    }
}
