using AgentFlow.Protocol.Crypto;

namespace AgentFlow.Protocol.Envelopes;

/// <summary>An envelope in format only: header, body, trailer, as views on its bytes.</summary>
/// <remarks>Reference: protocol.md 2.7. Reading checks lengths, magic, version, kind, flags and suite, and nothing else.</remarks>
public readonly ref struct EnvelopeView
{
    /// <summary>The most bytes that an envelope may have.</summary>
    public const int MaximumSize = 262_144;

    private EnvelopeView(EnvelopeHeader header, ReadOnlySpan<byte> body, ReadOnlySpan<byte> trailer, bool isExpired)
    {
        Header = header;
        Body = body;
        Trailer = trailer;
        IsExpired = isExpired;
    }

    /// <summary>The header.</summary>
    public EnvelopeHeader Header { get; }

    /// <summary>Ciphertext and tag, or the body of a Commit; empty where it has expired.</summary>
    public ReadOnlySpan<byte> Body { get; }

    /// <summary>The signature, with its batch path where there is one.</summary>
    public ReadOnlySpan<byte> Trailer { get; }

    /// <summary>Whether the hub no longer has the body.</summary>
    public bool IsExpired { get; }

    /// <summary>Reads a whole envelope.</summary>
    public static bool TryRead(ReadOnlySpan<byte> envelope, out EnvelopeView view, out ProtocolError error) =>
        TryRead(envelope, isExpired: false, out view, out error);

    /// <summary>Reads header and trailer of an envelope whose body the hub has expired.</summary>
    public static bool TryReadExpired(ReadOnlySpan<byte> headerAndTrailer, out EnvelopeView view, out ProtocolError error) =>
        TryRead(headerAndTrailer, isExpired: true, out view, out error);

    /// <summary>The digest E under a group context, without any check.</summary>
    /// <param name="context">The context of the epoch in which it was sealed.</param>
    public Bytes32 Digest(Bytes32 context) => EnvelopeDigest.Of(context, Header.Bytes);

    private static bool TryRead(ReadOnlySpan<byte> envelope, bool isExpired, out EnvelopeView view, out ProtocolError error)
    {
        view = default;
        error = ProtocolError.Length;
        if (envelope.Length < EnvelopeHeader.Size + EnvelopeLayout.SignatureSize || envelope.Length > MaximumSize)
            return false;
        var header = new EnvelopeHeader(envelope);
        uint bodyLength = isExpired ? 0 : header.BodyLength;
        if (bodyLength > envelope.Length - EnvelopeHeader.Size)
            return false;
        var trailer = envelope[(EnvelopeHeader.Size + (int)bodyLength)..];
        if (!IsTrailerLength(header, trailer))
            return false;
        error = CheckFields(header, trailer);
        if (error != ProtocolError.None)
            return false;
        view = new EnvelopeView(header, envelope.Slice(EnvelopeHeader.Size, (int)bodyLength), trailer, isExpired);
        return true;
    }

    private static bool IsTrailerLength(EnvelopeHeader header, ReadOnlySpan<byte> trailer)
    {
        if (!header.IsBatchSigned)
            return trailer.Length == EnvelopeLayout.SignatureSize;
        return trailer.Length > EnvelopeLayout.SignatureSize && trailer.Length == EnvelopeLayout.TrailerSize(isBatch: true, trailer[0]);
    }

    private static ProtocolError CheckFields(EnvelopeHeader header, ReadOnlySpan<byte> trailer)
    {
        ReadOnlySpan<byte> bytes = header.Bytes;
        if (!bytes.StartsWith("AF"u8))
            return ProtocolError.Magic;
        if (bytes[2] != 1)
            return ProtocolError.Version;
        if (header.Kind is not (EnvelopeKind.App or EnvelopeKind.Commit or EnvelopeKind.Heartbeat))
            return ProtocolError.Kind;
        if ((bytes[EnvelopeLayout.FlagsOffset] & ~(EnvelopeLayout.MultiFrameFlag | EnvelopeLayout.BatchFlag)) != 0
            || (header.IsMultiFrame && header.Kind != EnvelopeKind.App))
            return ProtocolError.Reserved;
        if (bytes[6] != EnvelopeHeader.Size || bytes[7] != 0)
            return ProtocolError.Length;
        if (header.Kind == EnvelopeKind.Commit && header.Nonce.ContainsAnyExcept((byte)0))
            return ProtocolError.Reserved;
        if (header.IsBatchSigned && (trailer[0] > EnvelopeLayout.MaximumDepth || trailer[1] >= 1 << trailer[0]))
            return ProtocolError.Field;
        return header.Suite == Suite.One ? ProtocolError.None : ProtocolError.Suite;
    }
}
