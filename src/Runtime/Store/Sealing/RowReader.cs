using System.Buffers.Binary;
using System.Text;

namespace AgentFlow.Store.Sealing;

/// <summary>Reads what <see cref="RowWriter"/> wrote. After the first field that does not fit every field is empty and <see cref="IsComplete"/> is false.</summary>
internal ref struct RowReader
{
    private ReadOnlySpan<byte> _rest;
    private bool _hasFailed;

    /// <summary>Starts on an opened row; one of another layout fails.</summary>
    public RowReader(ReadOnlySpan<byte> row, byte layout)
    {
        _rest = row;
        _hasFailed = Byte() != layout;
    }

    /// <summary>Whether everything fitted and nothing is left.</summary>
    public readonly bool IsComplete => !_hasFailed && _rest.IsEmpty;

    /// <summary>Whether a field did not fit.</summary>
    public readonly bool HasFailed => _hasFailed;

    /// <summary>Reads one byte.</summary>
    public byte Byte() => Fixed(1) is [var value] ? value : (byte)0;

    /// <summary>Reads 4 bytes.</summary>
    public int Int32() => Fixed(sizeof(int)) is { Length: sizeof(int) } bytes ? BinaryPrimitives.ReadInt32LittleEndian(bytes) : 0;

    /// <summary>Reads 8 bytes.</summary>
    public long Int64() => Fixed(sizeof(long)) is { Length: sizeof(long) } bytes ? BinaryPrimitives.ReadInt64LittleEndian(bytes) : 0;

    /// <summary>Reads 32 bytes.</summary>
    public Bytes32 Hash() => Fixed(Bytes32.Size) is { Length: Bytes32.Size } bytes ? new Bytes32(bytes) : default;

    /// <summary>Reads bytes whose number the layout fixes; a view of the row.</summary>
    public ReadOnlySpan<byte> Fixed(int length)
    {
        if (_hasFailed || length < 0 || length > _rest.Length)
        {
            _hasFailed = true;
            return default;
        }

        var value = _rest[..length];
        _rest = _rest[length..];
        return value;
    }

    /// <summary>Reads a length and that many bytes, copied.</summary>
    public byte[] Bytes() => Fixed(Int32()).ToArray();

    /// <summary>Reads a length and that much UTF-8, or null.</summary>
    public string? Text()
    {
        int length = Int32();
        return length == -1 ? null : Encoding.UTF8.GetString(Fixed(length));
    }
}
