using System.Buffers;

namespace AgentFlow.Protocol.Buffers;

/// <summary>A growing buffer on pooled memory, in which a message is written once and sealed in place.</summary>
/// <remarks>Not thread-safe. It holds plaintext, so memory is zeroed before it goes back to the pool: always dispose it.</remarks>
public sealed class PooledBuffer : IBufferWriter<byte>, IDisposable
{
    private byte[] _bytes;

    /// <summary>Rents memory.</summary>
    /// <param name="capacity">How many bytes to start with; it grows by doubling.</param>
    /// <param name="maximumLength">The most bytes that may be written.</param>
    public PooledBuffer(int capacity = 4096, int maximumLength = 1 << 20)
    {
        MaximumLength = maximumLength;
        _bytes = ArrayPool<byte>.Shared.Rent(capacity);
    }

    /// <summary>How many bytes may be written at most.</summary>
    public int MaximumLength { get; }

    /// <summary>How many bytes are written.</summary>
    public int Length { get; private set; }

    /// <summary>The bytes written so far, open for change in place; invalid after the next growth.</summary>
    public Span<byte> WrittenSpan => _bytes.AsSpan(0, Length);

    /// <summary>The bytes written so far; invalid after the next growth.</summary>
    public Memory<byte> WrittenMemory => _bytes.AsMemory(0, Length);

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">The message would exceed <see cref="MaximumLength"/>.</exception>
    public void Advance(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, _bytes.Length - Length);
        Length += count;
    }

    /// <inheritdoc/>
    public Span<byte> GetSpan(int sizeHint = 0)
    {
        Reserve(Math.Max(sizeHint, 1));
        return _bytes.AsSpan(Length);
    }

    /// <inheritdoc/>
    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        Reserve(Math.Max(sizeHint, 1));
        return _bytes.AsMemory(Length);
    }

    /// <summary>Sets the length: cuts the end off and zeroes it, or appends zeros.</summary>
    public void SetLength(int length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        if (length > Length)
        {
            Reserve(length - Length);
            _bytes.AsSpan(Length, length - Length).Clear();
        }
        else
            _bytes.AsSpan(length, Length - length).Clear();

        Length = length;
    }

    /// <summary>Zeroes what was written and starts again at length 0, with the same memory.</summary>
    public void Reset()
    {
        _bytes.AsSpan(0, Length).Clear();
        Length = 0;
    }

    /// <summary>Zeroes the memory and returns it to the pool.</summary>
    public void Dispose()
    {
        byte[] bytes = _bytes;
        _bytes = [];
        Length = 0;
        if (bytes.Length > 0)
            ArrayPool<byte>.Shared.Return(bytes, clearArray: true);
    }

    private void Reserve(int count)
    {
        ObjectDisposedException.ThrowIf(_bytes.Length == 0, this);
        if (count <= _bytes.Length - Length)
            return;
        if (count > MaximumLength - Length)
            throw new InvalidOperationException($"The message exceeds {MaximumLength} bytes. Send large content as an attachment.");
        byte[] larger = ArrayPool<byte>.Shared.Rent((int)Math.Min(Math.Max((long)_bytes.Length * 2, Length + (long)count), MaximumLength));
        _bytes.AsSpan(0, Length).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(_bytes, clearArray: true);
        _bytes = larger;
    }
}
