using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using AgentFlow.Protocol.Buffers;

namespace AgentFlow.Store.Sealing;

/// <summary>Writes the fields of a row before it is sealed: little-endian numbers, byte runs and text with a u32 length, -1 for null. On memory that is zeroed on disposal.</summary>
internal readonly struct RowWriter : IDisposable
{
    private const int MaximumRow = 64 << 20;
    private readonly PooledBuffer _buffer;

    /// <summary>Starts a row with the version of its layout.</summary>
    public RowWriter(byte layout)
    {
        _buffer = new PooledBuffer(1024, MaximumRow);
        Byte(layout);
    }

    /// <summary>What was written.</summary>
    public ReadOnlySpan<byte> Written => _buffer.WrittenSpan;

    /// <summary>Writes one byte.</summary>
    public void Byte(byte value)
    {
        _buffer.GetSpan(1)[0] = value;
        _buffer.Advance(1);
    }

    /// <summary>Writes 4 bytes.</summary>
    public void Int32(int value)
    {
        BinaryPrimitives.WriteInt32LittleEndian(_buffer.GetSpan(sizeof(int)), value);
        _buffer.Advance(sizeof(int));
    }

    /// <summary>Writes 8 bytes.</summary>
    public void Int64(long value)
    {
        BinaryPrimitives.WriteInt64LittleEndian(_buffer.GetSpan(sizeof(long)), value);
        _buffer.Advance(sizeof(long));
    }

    /// <summary>Writes bytes whose number the layout fixes.</summary>
    public void Fixed(ReadOnlySpan<byte> value) => _buffer.Write(value);

    /// <summary>Writes a length and bytes.</summary>
    public void Bytes(ReadOnlySpan<byte> value)
    {
        Int32(value.Length);
        _buffer.Write(value);
    }

    /// <summary>Writes a length and UTF-8, or -1 for null.</summary>
    public void Text(string? value)
    {
        if (value is null)
        {
            Int32(-1);
            return;
        }

        int length = Encoding.UTF8.GetByteCount(value);
        Int32(length);
        Encoding.UTF8.GetBytes(value, _buffer.GetSpan(Math.Max(length, 1)));
        _buffer.Advance(length);
    }

    /// <summary>Zeroes what was written.</summary>
    public void Dispose() => _buffer.Dispose();
}
