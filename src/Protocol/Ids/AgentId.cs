using System.Diagnostics.CodeAnalysis;

namespace AgentFlow;

/// <summary>The self-certifying id of an agent: the hash of the genesis entry of its identity log.</summary>
/// <remarks>Text form: <c>af1/</c> and 52 characters of lower-case RFC 4648 base32. Immutable.</remarks>
public readonly struct AgentId : IEquatable<AgentId>, IComparable<AgentId>, ISpanParsable<AgentId>
{
    private const string Prefix = "af1/";
    private readonly Bytes32 _value;

    /// <summary>Makes an id of its 32 bytes.</summary>
    public AgentId(Bytes32 value) => _value = value;

    /// <summary>Makes an id of its 32 bytes.</summary>
    /// <exception cref="ArgumentException">The length is not 32.</exception>
    public AgentId(ReadOnlySpan<byte> value) => _value = new Bytes32(value);

    /// <summary>The 32 bytes.</summary>
    public Bytes32 Value => _value;

    /// <summary>The 32 bytes, valid as long as this value is in scope.</summary>
    [UnscopedRef]
    public ReadOnlySpan<byte> Span => _value.Span;

    /// <inheritdoc/>
    public bool Equals(AgentId other) => _value.Equals(other._value);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is AgentId other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => _value.GetHashCode();

    /// <inheritdoc/>
    public int CompareTo(AgentId other) => _value.CompareTo(other._value);

    /// <summary>The text form.</summary>
    public override string ToString() => Prefix + Base32.Encode(Span);

    /// <summary>Reads the text form.</summary>
    /// <exception cref="FormatException">The text is not an id.</exception>
    public static AgentId Parse(ReadOnlySpan<char> s, IFormatProvider? provider = null) =>
        TryParse(s, provider, out var id) ? id : throw new FormatException($"'{s}' is not an id of the form {Prefix} and 52 base32 characters.");

    /// <inheritdoc cref="Parse(ReadOnlySpan{char}, IFormatProvider?)"/>
    public static AgentId Parse(string s, IFormatProvider? provider = null) => Parse(s.AsSpan(), provider);

    /// <summary>Reads the text form.</summary>
    public static bool TryParse(ReadOnlySpan<char> s, IFormatProvider? provider, out AgentId result)
    {
        Span<byte> bytes = stackalloc byte[Bytes32.Size];
        bool ok = s.StartsWith(Prefix, StringComparison.Ordinal) && Base32.TryDecode(s[Prefix.Length..], bytes);
        result = ok ? new AgentId(bytes) : default;
        return ok;
    }

    /// <inheritdoc cref="TryParse(ReadOnlySpan{char}, IFormatProvider?, out AgentId)"/>
    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out AgentId result) => TryParse(s.AsSpan(), provider, out result);

    /// <summary>Compares two ids.</summary>
    public static bool operator ==(AgentId left, AgentId right) => left.Equals(right);

    /// <summary>Compares two ids.</summary>
    public static bool operator !=(AgentId left, AgentId right) => !left.Equals(right);
}
