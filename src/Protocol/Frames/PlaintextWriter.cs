using System.Buffers.Binary;
using AgentFlow.Protocol.Buffers;

namespace AgentFlow.Protocol.Frames;

/// <summary>Writes the plaintext of an envelope in place: 192 spare bytes for the envelope header, frame count, frames, padding.</summary>
/// <remarks>
/// Between <see cref="BeginFrame(in FrameHeader, in FrameExtensions)"/> and <see cref="EndFrame"/> the payload is written to the same buffer.
/// Without a frame it is the plaintext of a heartbeat. Pass it by reference: it is a mutable struct. Not thread-safe.
/// </remarks>
public ref struct PlaintextWriter
{
    /// <summary>How many bytes are kept free before the plaintext: the envelope header goes there.</summary>
    public const int HeaderSpace = 192;

    private const int MostFrames = 255;
    private readonly PooledBuffer _buffer;
    private int _frameStart;
    private int _payloadStart;

    /// <summary>Begins a plaintext in an empty buffer.</summary>
    /// <exception cref="ArgumentException">The buffer is not empty.</exception>
    public PlaintextWriter(PooledBuffer buffer)
    {
        ArgumentNullException.ThrowIfNull(buffer);
        if (buffer.Length != 0)
            throw new ArgumentException("A plaintext begins in an empty buffer: reset it first.", nameof(buffer));
        _buffer = buffer;
        _buffer.SetLength(HeaderSpace + 1);
    }

    /// <summary>How many frames are written: 0 to 255. More than one needs the multi-frame flag of the envelope.</summary>
    public int FrameCount { get; private set; }

    /// <summary>Begins a frame; its payload is what is appended to the buffer until <see cref="EndFrame"/>.</summary>
    /// <param name="header">The header; its two lengths are ignored and filled in.</param>
    /// <param name="extensions">The extension block.</param>
    /// <exception cref="InvalidOperationException">A frame is open, there are 255 already, or an extension has the wrong form.</exception>
    public void BeginFrame(in FrameHeader header, in FrameExtensions extensions = default)
    {
        if (_frameStart != 0)
            throw new InvalidOperationException("A frame is open: call EndFrame before BeginFrame.");
        if (FrameCount == MostFrames)
            throw new InvalidOperationException("An envelope holds at most 255 frames: finish this one and begin another.");
        _frameStart = _buffer.Length;
        _buffer.SetLength(_frameStart + FrameHeader.Size);
        int extensionLength = extensions.WriteTo(_buffer);
        (header with { ExtensionLength = extensionLength, PayloadLength = 0 }).Write(_buffer.WrittenSpan[_frameStart..]);
        _payloadStart = _buffer.Length;
    }

    /// <summary>Ends the frame: writes its payload length.</summary>
    /// <exception cref="InvalidOperationException">No frame is open.</exception>
    public void EndFrame()
    {
        if (_frameStart == 0)
            throw new InvalidOperationException("No frame is open: call BeginFrame first.");
        int payloadLength = _buffer.Length - _payloadStart;
        BinaryPrimitives.WriteInt32LittleEndian(_buffer.WrittenSpan[(_frameStart + FrameHeader.PayloadLengthOffset)..], payloadLength);
        _frameStart = 0;
        FrameCount++;
        _buffer.WrittenSpan[HeaderSpace] = (byte)FrameCount;
    }

    /// <summary>Writes a whole frame.</summary>
    /// <param name="header">The header; its two lengths are ignored and filled in.</param>
    /// <param name="payload">The payload.</param>
    /// <param name="extensions">The extension block.</param>
    /// <exception cref="InvalidOperationException">As <see cref="BeginFrame(in FrameHeader, in FrameExtensions)"/>.</exception>
    public void WriteFrame(in FrameHeader header, ReadOnlySpan<byte> payload, in FrameExtensions extensions = default)
    {
        BeginFrame(header, extensions);
        payload.CopyTo(_buffer.GetSpan(payload.Length));
        _buffer.Advance(payload.Length);
        EndFrame();
    }

    /// <summary>Appends the marker and pads with zeros; the buffer is then ready to be sealed.</summary>
    /// <returns>The padded length, without the 192 spare bytes.</returns>
    /// <exception cref="InvalidOperationException">A frame is open, or the plaintext is larger than fits an envelope.</exception>
    public readonly int Finish()
    {
        if (_frameStart != 0)
            throw new InvalidOperationException("A frame is open: call EndFrame before Finish.");
        int length = _buffer.Length - HeaderSpace + 1;
        if (length > Padding.LargestLength)
            throw new InvalidOperationException($"The message exceeds {Padding.LargestLength} bytes. Send large content as an attachment.");
        int padded = Padding.PaddedLength(length);
        _buffer.SetLength(HeaderSpace + padded);
        _buffer.WrittenSpan[HeaderSpace + length - 1] = Padding.Marker;
        return padded;
    }
}
