using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using AgentFlow.Protocol.Crypto;

namespace AgentFlow.Protocol.Envelopes;

/// <summary>Seals and opens the body of an App or Heartbeat envelope under its message key.</summary>
/// <remarks>
/// Reference: protocol.md 2.7, seal steps 2 to 4. AES-GCM does not commit to its key, so C does: a hash under Kc of context, header and plaintext, in the
/// signed header. Secrets are on the stack and zeroed. Allocates nothing.
/// </remarks>
internal static class MessageBody
{
    private const int AadSize = 32 + EnvelopeHeader.Size;

    /// <summary>Seals in place.</summary>
    /// <param name="context">The group context.</param>
    /// <param name="messageKey">MK.</param>
    /// <param name="envelope">Header with its nonce, padded plaintext, and 16 spare bytes for the tag. C is written into the header.</param>
    /// <returns>Kc.</returns>
    [SkipLocalsInit]
    public static Bytes32 Seal(Bytes32 context, ReadOnlySpan<byte> messageKey, Span<byte> envelope)
    {
        Span<byte> keys = stackalloc byte[64];
        Span<byte> aad = stackalloc byte[AadSize];
        var header = envelope[..EnvelopeHeader.Size];
        var body = envelope[EnvelopeHeader.Size..^EnvelopeLayout.TagSize];
        var nonce = header.Slice(EnvelopeLayout.NonceOffset, EnvelopeLayout.NonceSize);
        AfHash.Kdf2(messageKey, Labels.Message, nonce, [], keys);
        AfHash.Mac(keys[32..], Labels.Commitment, context.Span, header[..EnvelopeLayout.CommitmentOffset], body, header[EnvelopeLayout.CommitmentOffset..]);
        WriteAad(context, header, aad);
        Suite.Current.AeadSeal(keys[..32], nonce, aad, body, body, envelope[^EnvelopeLayout.TagSize..]);
        var commitmentKey = new Bytes32(keys[32..]);
        CryptographicOperations.ZeroMemory(keys);
        return commitmentKey;
    }

    /// <summary>Opens a body and checks C.</summary>
    /// <param name="context">The group context.</param>
    /// <param name="messageKey">MK.</param>
    /// <param name="envelope">The envelope.</param>
    /// <param name="plaintext">16 bytes shorter than the body; zeroed where the result is not None.</param>
    /// <param name="commitmentKey">Kc.</param>
    [SkipLocalsInit]
    public static ProtocolError Open(Bytes32 context, ReadOnlySpan<byte> messageKey, EnvelopeView envelope, Span<byte> plaintext, out Bytes32 commitmentKey)
    {
        Span<byte> keys = stackalloc byte[64];
        Span<byte> aad = stackalloc byte[AadSize];
        Span<byte> commitment = stackalloc byte[32];
        var header = envelope.Header;
        var body = envelope.Body;
        AfHash.Kdf2(messageKey, Labels.Message, header.Nonce, [], keys);
        WriteAad(context, header.Bytes, aad);
        var error = ProtocolError.None;
        if (!Suite.Current.TryAeadOpen(keys[..32], header.Nonce, aad, body[..^EnvelopeLayout.TagSize], body[^EnvelopeLayout.TagSize..], plaintext))
        {
            error = ProtocolError.Decryption;
        }
        else
        {
            AfHash.Mac(keys[32..], Labels.Commitment, context.Span, header.CommittedBytes, plaintext, commitment);
            if (!CryptographicOperations.FixedTimeEquals(commitment, header.Commitment.Span))
                error = ProtocolError.Commitment;
        }

        commitmentKey = error == ProtocolError.None ? new Bytes32(keys[32..]) : default;
        CryptographicOperations.ZeroMemory(keys);
        if (error != ProtocolError.None)
            CryptographicOperations.ZeroMemory(plaintext);
        return error;
    }

    /// <summary>Whether Kc opens C to this plaintext: what an auditor checks without the message key.</summary>
    public static bool Matches(Bytes32 context, Bytes32 commitmentKey, EnvelopeHeader header, ReadOnlySpan<byte> paddedPlaintext)
    {
        Span<byte> commitment = stackalloc byte[32];
        AfHash.Mac(commitmentKey.Span, Labels.Commitment, context.Span, header.CommittedBytes, paddedPlaintext, commitment);
        return CryptographicOperations.FixedTimeEquals(commitment, header.Commitment.Span);
    }

    private static void WriteAad(Bytes32 context, ReadOnlySpan<byte> header, Span<byte> aad)
    {
        context.Span.CopyTo(aad);
        header.CopyTo(aad[32..]);
    }
}
