using AgentFlow.Protocol.Crypto;

namespace AgentFlow.Protocol.Envelopes;

/// <summary>Signs and verifies the digest E of an envelope, alone or through a batch path.</summary>
/// <remarks>Reference: protocol.md 2.7 and 2.9.</remarks>
public static class EnvelopeSignature
{
    /// <summary>Whether the trailer proves that the device signed the digest.</summary>
    /// <param name="envelope">The envelope, of which header flags and trailer are used.</param>
    /// <param name="device">The device key, from the roster that is current at the envelope's position.</param>
    /// <param name="digest">E.</param>
    /// <param name="batches">Batch signatures that were verified before, or null to verify each anew.</param>
    public static bool Verify(EnvelopeView envelope, Bytes32 device, Bytes32 digest, VerifiedBatches? batches = null)
    {
        ReadOnlySpan<byte> trailer = envelope.Trailer;
        if (!envelope.Header.IsBatchSigned)
            return SigningKey.Verify(device, Labels.SignEnvelope, digest, trailer);
        Bytes32 root = BatchTree.RootOf(digest, trailer[1], trailer[2..^EnvelopeLayout.SignatureSize]);
        ReadOnlySpan<byte> signature = trailer[^EnvelopeLayout.SignatureSize..];
        if (batches is not null && batches.Contains(device, root, signature))
            return true;
        if (!SigningKey.Verify(device, Labels.SignBatch, root, signature))
            return false;
        batches?.Add(device, root, signature);
        return true;
    }

    internal static void Sign(SigningKey device, Bytes32 digest, Span<byte> signature) => device.Sign(Labels.SignEnvelope, digest, signature);
}
