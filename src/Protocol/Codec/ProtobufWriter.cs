using System.Buffers.Binary;
using System.Text;
using AgentFlow.Protocol.Buffers;

namespace AgentFlow.Protocol.Codec;

/// <summary>Writes protobuf wire format into a pooled buffer. Called by generated code.</summary>
/// <remarks>Reference: the Protocol Buffers encoding guide. Varints are minimal, so one value has one encoding. A tag is the field number times 8 plus the wire type.</remarks>
public readonly ref struct ProtobufWriter
{
    private static readonly UTF8Encoding s_utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly PooledBuffer _buffer;

    /// <summary>Writes at the end of a buffer.</summary>
    public ProtobufWriter(PooledBuffer buffer) => _buffer = buffer;

    /// <summary>Writes the tag of a field, whose value must follow.</summary>
    public void WriteTag(uint tag) => WriteUInt64(tag);

    /// <summary>Writes one byte, 0 or 1.</summary>
    public void WriteBool(bool value) => WriteUInt64(value ? 1u : 0u);

    /// <summary>Writes an enum value: a varint of the number, a negative one as ten bytes.</summary>
    public void WriteInt32(int value) => WriteUInt64(unchecked((ulong)value));

    /// <summary>Writes a signed number zigzagged.</summary>
    public void WriteSInt32(int value) => WriteUInt64(unchecked((uint)((value << 1) ^ (value >> 31))));

    /// <summary>Writes a signed number zigzagged.</summary>
    public void WriteSInt64(long value) => WriteUInt64(unchecked((ulong)((value << 1) ^ (value >> 63))));

    /// <summary>Writes a varint.</summary>
    public void WriteUInt32(uint value) => WriteUInt64(value);

    /// <summary>Writes a varint of 1 to 10 bytes.</summary>
    public void WriteUInt64(ulong value)
    {
        Span<byte> span = _buffer.GetSpan(10);
        int length = 0;
        while (value >= 0x80)
        {
            span[length++] = unchecked((byte)(value | 0x80));
            value >>= 7;
        }

        span[length++] = unchecked((byte)value);
        _buffer.Advance(length);
    }

    /// <summary>Writes 4 bytes.</summary>
    public void WriteSingle(float value)
    {
        BinaryPrimitives.WriteSingleLittleEndian(_buffer.GetSpan(4), value);
        _buffer.Advance(4);
    }

    /// <summary>Writes 8 bytes.</summary>
    public void WriteDouble(double value)
    {
        BinaryPrimitives.WriteDoubleLittleEndian(_buffer.GetSpan(8), value);
        _buffer.Advance(8);
    }

    /// <summary>Writes the length and the text in UTF-8.</summary>
    /// <exception cref="ArgumentException">The text is null or holds half of a surrogate pair.</exception>
    public void WriteString(string value)
    {
        ArgumentNullException.ThrowIfNull(value);
        int length = s_utf8.GetByteCount(value);
        WriteUInt64((uint)length);
        if (length == 0)
            return;
        s_utf8.GetBytes(value, _buffer.GetSpan(length));
        _buffer.Advance(length);
    }

    /// <summary>Writes the length and the bytes.</summary>
    public void WriteBytes(ReadOnlySpan<byte> value)
    {
        WriteUInt64((uint)value.Length);
        WriteRaw(value);
    }

    /// <summary>Writes bytes that are fields already.</summary>
    public void WriteRaw(ReadOnlySpan<byte> value)
    {
        if (value.IsEmpty)
            return;
        value.CopyTo(_buffer.GetSpan(value.Length));
        _buffer.Advance(value.Length);
    }

    /// <summary>Begins a value whose length is known only when it is written.</summary>
    /// <returns>What <see cref="EndLength"/> needs.</returns>
    public int BeginLength()
    {
        int start = _buffer.Length;
        _buffer.GetSpan(1)[0] = 0;
        _buffer.Advance(1);
        return start;
    }

    /// <summary>Ends a value: puts its length before it.</summary>
    public void EndLength(int start)
    {
        int length = _buffer.Length - start - 1;
        int extra = 0;
        for (int rest = length >> 7; rest != 0; rest >>= 7)
            extra++;
        if (extra > 0)
        {
            _buffer.GetSpan(extra);
            _buffer.Advance(extra);
            _buffer.WrittenSpan.Slice(start + 1, length).CopyTo(_buffer.WrittenSpan[(start + 1 + extra)..]);
        }

        Span<byte> prefix = _buffer.WrittenSpan.Slice(start, extra + 1);
        for (int i = 0; i < extra; i++, length >>= 7)
            prefix[i] = unchecked((byte)(length | 0x80));
        prefix[extra] = (byte)length;
    }
}
