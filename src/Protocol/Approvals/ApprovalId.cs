using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;

namespace AgentFlow.Protocol.Approvals;

/// <summary>The short name of a request for approval: the first 16 bytes of its envelope digest, as <c>apr_</c> and 26 base32 characters.</summary>
/// <remarks>A name for people and commands; what binds a vote to its request is the whole digest.</remarks>
/// <param name="Value">The 16 bytes, read as one big-endian number.</param>
public readonly record struct ApprovalId(UInt128 Value) : ISpanParsable<ApprovalId>
{
    private const string Prefix = "apr_";
    private const int Size = 16;

    /// <summary>The id of a request.</summary>
    /// <param name="requestEnvelope">E of the request's envelope.</param>
    public static ApprovalId Of(Bytes32 requestEnvelope) => new(BinaryPrimitives.ReadUInt128BigEndian(requestEnvelope.Span));

    /// <summary>The text form.</summary>
    public override string ToString()
    {
        Span<byte> bytes = stackalloc byte[Size];
        BinaryPrimitives.WriteUInt128BigEndian(bytes, Value);
        return Prefix + Base32.Encode(bytes);
    }

    /// <summary>Reads the text form.</summary>
    /// <exception cref="FormatException">The text is not an id.</exception>
    public static ApprovalId Parse(ReadOnlySpan<char> s, IFormatProvider? provider = null) =>
        TryParse(s, provider, out var id) ? id : throw new FormatException($"'{s}' is not an id of the form {Prefix} and 26 base32 characters.");

    /// <inheritdoc cref="Parse(ReadOnlySpan{char}, IFormatProvider?)"/>
    public static ApprovalId Parse(string s, IFormatProvider? provider = null) => Parse(s.AsSpan(), provider);

    /// <summary>Reads the text form.</summary>
    public static bool TryParse(ReadOnlySpan<char> s, IFormatProvider? provider, out ApprovalId result)
    {
        Span<byte> bytes = stackalloc byte[Size];
        bool ok = s.StartsWith(Prefix, StringComparison.Ordinal) && Base32.TryDecode(s[Prefix.Length..], bytes);
        result = ok ? new ApprovalId(BinaryPrimitives.ReadUInt128BigEndian(bytes)) : default;
        return ok;
    }

    /// <inheritdoc cref="TryParse(ReadOnlySpan{char}, IFormatProvider?, out ApprovalId)"/>
    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out ApprovalId result) => TryParse(s.AsSpan(), provider, out result);
}
