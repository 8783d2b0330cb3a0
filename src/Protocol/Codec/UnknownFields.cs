namespace AgentFlow.Protocol.Codec;

/// <summary>The fields of a message that newer code wrote and this code does not know: kept to be sent on, and compared by their bytes. Called by generated code.</summary>
public struct UnknownFields : IEquatable<UnknownFields>
{
    private byte[]? _bytes;
    private int _length;

    /// <summary>Whether there is none.</summary>
    public readonly bool IsEmpty => _length == 0;

    /// <summary>The fields as they stood on the wire.</summary>
    public readonly ReadOnlySpan<byte> Span => _bytes.AsSpan(0, _length);

    internal void Append(ReadOnlySpan<byte> field)
    {
        if (_bytes is null || _bytes.Length - _length < field.Length)
            Array.Resize(ref _bytes, Math.Max(_length * 2, _length + field.Length));
        field.CopyTo(_bytes.AsSpan(_length));
        _length += field.Length;
    }

    /// <inheritdoc/>
    public readonly bool Equals(UnknownFields other) => Span.SequenceEqual(other.Span);

    /// <inheritdoc/>
    public override readonly bool Equals(object? obj) => obj is UnknownFields other && Equals(other);

    /// <inheritdoc/>
    public override readonly int GetHashCode()
    {
        var hash = default(HashCode);
        hash.AddBytes(Span);
        return hash.ToHashCode();
    }

    /// <summary>How many bytes there are.</summary>
    public override readonly string ToString() => $"{_length} bytes of unknown fields";

    /// <summary>Compares two by their bytes.</summary>
    public static bool operator ==(UnknownFields left, UnknownFields right) => left.Equals(right);

    /// <summary>Compares two by their bytes.</summary>
    public static bool operator !=(UnknownFields left, UnknownFields right) => !left.Equals(right);
}
