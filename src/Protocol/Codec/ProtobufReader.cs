using System.Buffers.Binary;
using System.Text;
using System.Text.Unicode;

namespace AgentFlow.Protocol.Codec;

/// <summary>Reads protobuf wire format that may be hostile: it fails, and never throws. Called by generated code.</summary>
/// <remarks>
/// Reference: the Protocol Buffers encoding guide. A failure stays: <see cref="Failed"/> is set, nothing more is read and every value is its default.
/// Limits, checked before anything is allocated: a declared length is at most what is left; nesting at most <see cref="MaximumDepth"/>; messages, texts, bytes and
/// map entries together at most <see cref="MaximumElements"/>, and each needs at least one byte of input. UTF-8 is strict. Groups, which proto3 does not have, are refused.
/// </remarks>
public ref struct ProtobufReader
{
    /// <summary>How deep messages may nest.</summary>
    public const int MaximumDepth = 64;

    /// <summary>How many values that are objects may be read in all.</summary>
    public const int MaximumElements = 1 << 18;

    private readonly ReadOnlySpan<byte> _bytes;
    private int _position;
    private int _end;
    private int _tagStart;
    private int _depth;
    private int _elements;

    /// <summary>Reads all of the bytes.</summary>
    public ProtobufReader(ReadOnlySpan<byte> bytes)
    {
        _bytes = bytes;
        _end = bytes.Length;
    }

    /// <summary>Whether the bytes turned out to be malformed or beyond a limit.</summary>
    public bool Failed { get; private set; }

    /// <summary>Whether a field was skipped that the reading code does not know, at any depth.</summary>
    public bool HasUnknownFields { get; private set; }

    /// <summary>Whether the present message or packed value has more bytes.</summary>
    public readonly bool HasMore => _position < _end;

    /// <summary>Marks the bytes as malformed.</summary>
    public void Fail()
    {
        Failed = true;
        _position = _end = 0;
    }

    /// <summary>Reads the tag of the next field; 0 at the end of the message and after a failure.</summary>
    public uint ReadTag()
    {
        if (_position >= _end)
            return 0;
        _tagStart = _position;
        ulong tag = ReadUInt64();
        if (tag is >= 8 and <= uint.MaxValue)
            return (uint)tag;
        Fail();
        return 0;
    }

    /// <summary>Reads a varint; what is not 0 is true.</summary>
    public bool ReadBool() => ReadUInt64() != 0;

    /// <summary>Reads an enum value that must lie in a range.</summary>
    public int ReadInt32(int minimum = int.MinValue, int maximum = int.MaxValue) => (int)InRange(unchecked((long)ReadUInt64()), minimum, maximum);

    /// <summary>Reads a zigzagged number that must lie in a range.</summary>
    public int ReadSInt32(int minimum = int.MinValue, int maximum = int.MaxValue) => (int)InRange(ReadSInt64(), minimum, maximum);

    /// <summary>Reads a zigzagged number.</summary>
    public long ReadSInt64()
    {
        ulong value = ReadUInt64();
        return unchecked((long)(value >> 1) ^ -(long)(value & 1));
    }

    /// <summary>Reads a varint that must not exceed a maximum.</summary>
    public uint ReadUInt32(uint maximum = uint.MaxValue)
    {
        ulong value = ReadUInt64();
        if (value <= maximum)
            return (uint)value;
        Fail();
        return 0;
    }

    /// <summary>Reads a varint of 1 to 10 bytes.</summary>
    public ulong ReadUInt64()
    {
        ulong value = 0;
        for (int shift = 0; shift < 70 && _position < _end; shift += 7)
        {
            byte next = _bytes[_position++];
            if (shift == 63 && next > 1)
                break;
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80)
                return value;
        }

        Fail();
        return 0;
    }

    /// <summary>Reads 4 bytes.</summary>
    public float ReadSingle() => Take(4) is { IsEmpty: false } bytes ? BinaryPrimitives.ReadSingleLittleEndian(bytes) : 0;

    /// <summary>Reads 8 bytes.</summary>
    public double ReadDouble() => Take(8) is { IsEmpty: false } bytes ? BinaryPrimitives.ReadDoubleLittleEndian(bytes) : 0;

    /// <summary>Reads a length and as much strict UTF-8.</summary>
    public string ReadString()
    {
        ReadOnlySpan<byte> bytes = ReadSpan();
        if (Utf8.IsValid(bytes))
            return Encoding.UTF8.GetString(bytes);
        Fail();
        return "";
    }

    /// <summary>Reads a length and copies as many bytes.</summary>
    public byte[] ReadBytes() => ReadSpan().ToArray();

    /// <summary>Reads a length and as many bytes, without a copy.</summary>
    public ReadOnlySpan<byte> ReadSpan()
    {
        ulong length = ReadUInt64();
        if (CountElement() && length <= (uint)(_end - _position))
            return Take((int)length);
        Fail();
        return default;
    }

    /// <summary>Goes into a packed value. What is read then ends with it.</summary>
    /// <returns>What <see cref="EndLength"/> needs.</returns>
    public int BeginLength()
    {
        ulong length = ReadUInt64();
        int end = _end;
        if (length <= (uint)(_end - _position))
            _end = _position + (int)length;
        else
            Fail();
        return end;
    }

    /// <summary>Leaves a packed value, which must be read to its end.</summary>
    public void EndLength(int end)
    {
        if (_position != _end)
            Fail();
        if (!Failed)
            _end = end;
    }

    /// <summary>Goes into a nested message or map entry.</summary>
    /// <returns>What <see cref="EndMessage"/> needs.</returns>
    public int BeginMessage()
    {
        if (!CountElement() || ++_depth > MaximumDepth)
            Fail();
        return BeginLength();
    }

    /// <summary>Goes into a nested message that is absent: it has no bytes, so its members get their defaults.</summary>
    /// <returns>What <see cref="EndMessage"/> needs.</returns>
    public int BeginAbsent()
    {
        int end = _end;
        if (CountElement() && ++_depth <= MaximumDepth)
            _end = _position;
        else
            Fail();
        return end;
    }

    /// <summary>Leaves a nested message.</summary>
    public void EndMessage(int end)
    {
        _depth--;
        EndLength(end);
    }

    /// <summary>Skips the value of a field that the reading code does not know, and keeps it.</summary>
    public void Skip(uint tag, ref UnknownFields unknown)
    {
        Skip(tag);
        if (!Failed)
            unknown.Append(_bytes[_tagStart.._position]);
    }

    /// <summary>Skips the value of a field that cannot be kept.</summary>
    public void Skip(uint tag)
    {
        HasUnknownFields = true;
        switch (tag & 7)
        {
            case 0:
                ReadUInt64();
                break;
            case 1:
                Take(8);
                break;
            case 2:
                EndSkipped(BeginLength());
                break;
            case 5:
                Take(4);
                break;
            default:
                Fail();
                break;
        }
    }

    private void EndSkipped(int end)
    {
        _position = _end;
        EndLength(end);
    }

    private bool CountElement() => !Failed && ++_elements <= MaximumElements;

    private long InRange(long value, int minimum, int maximum)
    {
        if (value >= minimum && value <= maximum)
            return value;
        Fail();
        return 0;
    }

    private ReadOnlySpan<byte> Take(int count)
    {
        if (count <= _end - _position)
        {
            ReadOnlySpan<byte> bytes = _bytes.Slice(_position, count);
            _position += count;
            return bytes;
        }

        Fail();
        return default;
    }
}
