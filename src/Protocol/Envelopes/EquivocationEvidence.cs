using System.Diagnostics.CodeAnalysis;

namespace AgentFlow.Protocol.Envelopes;

/// <summary>Two envelopes that one device signed for the same place of its own sequence: a proof, for everybody, that it said two things.</summary>
/// <remarks>Reference: protocol.md 2.7. Same thread, epoch, device key and senderSeq, different E. Each part is header 192, then trailer. Immutable.</remarks>
public sealed class EquivocationEvidence
{
    private EquivocationEvidence(Bytes32 context, Bytes32 device, byte[] first, byte[] second)
    {
        Context = context;
        Device = device;
        First = first;
        Second = second;
    }

    /// <summary>The group context of the epoch.</summary>
    public Bytes32 Context { get; }

    /// <summary>The device key that signed both.</summary>
    public Bytes32 Device { get; }

    /// <summary>Header and trailer of one.</summary>
    public ReadOnlyMemory<byte> First { get; }

    /// <summary>Header and trailer of the other.</summary>
    public ReadOnlyMemory<byte> Second { get; }

    /// <summary>Makes evidence of two envelopes, if they are any.</summary>
    /// <param name="context">The group context of their epoch, as derived from the thread's Commits.</param>
    /// <param name="device">The device key of the sender, from that epoch's roster.</param>
    /// <param name="first">One envelope, verified in format.</param>
    /// <param name="second">The other.</param>
    /// <param name="evidence">The evidence.</param>
    /// <returns>False where they do not contradict each other, or a signature is wrong.</returns>
    public static bool TryCreate(
        Bytes32 context, Bytes32 device, EnvelopeView first, EnvelopeView second, [NotNullWhen(true)] out EquivocationEvidence? evidence)
    {
        evidence = null;
        Bytes32 a = first.Digest(context), b = second.Digest(context);
        bool isSamePlace = first.Header.ThreadId == second.Header.ThreadId && first.Header.Epoch == second.Header.Epoch
            && first.Header.SenderSeq == second.Header.SenderSeq;
        if (!isSamePlace || a == b || !EnvelopeSignature.Verify(first, device, a) || !EnvelopeSignature.Verify(second, device, b))
            return false;
        evidence = new EquivocationEvidence(context, device, [.. first.Header.Bytes, .. first.Trailer], [.. second.Header.Bytes, .. second.Trailer]);
        return true;
    }

    /// <summary>Verifies evidence that another party handed over.</summary>
    /// <param name="context">The group context, as the verifier derives it.</param>
    /// <param name="device">The device key, as the verifier knows it.</param>
    /// <param name="first">Header and trailer of one.</param>
    /// <param name="second">Header and trailer of the other.</param>
    /// <param name="evidence">The evidence.</param>
    public static bool TryVerify(
        Bytes32 context, Bytes32 device, ReadOnlySpan<byte> first, ReadOnlySpan<byte> second, [NotNullWhen(true)] out EquivocationEvidence? evidence)
    {
        evidence = null;
        return EnvelopeView.TryReadExpired(first, out var a, out _) && EnvelopeView.TryReadExpired(second, out var b, out _)
            && TryCreate(context, device, a, b, out evidence);
    }
}
