using AgentFlow.Protocol.Crypto;

namespace AgentFlow.Protocol.Envelopes;

/// <summary>The two hashes that make a thread a chain: E of one envelope, and T of a thread up to a position.</summary>
/// <remarks>Reference: protocol.md 2.7.</remarks>
public static class EnvelopeDigest
{
    /// <summary>E: the hash of group context and header, which the sender signs.</summary>
    /// <param name="context">The context of the epoch in which the envelope was sealed.</param>
    /// <param name="header">The 192 bytes.</param>
    public static Bytes32 Of(Bytes32 context, ReadOnlySpan<byte> header) => AfHash.Hash(Labels.Envelope, context.Span, header);

    /// <summary>T at a position: the hash of T before it, the position and E.</summary>
    /// <param name="before">T of the position before; the context of epoch 0 in front of position 1.</param>
    /// <param name="position">The position, from 1.</param>
    /// <param name="envelope">E of the envelope that stands there.</param>
    public static Bytes32 Thread(Bytes32 before, long position, Bytes32 envelope)
    {
        Span<byte> number = stackalloc byte[8];
        System.Buffers.Binary.BinaryPrimitives.WriteInt64LittleEndian(number, position);
        return AfHash.Hash(Labels.Thread, before.Span, number, envelope.Span);
    }
}
