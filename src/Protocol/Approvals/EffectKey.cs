using AgentFlow.Protocol.Crypto;

namespace AgentFlow.Protocol.Approvals;

/// <summary>The idempotency key of an approved request for other systems: the first 16 bytes of <c>H("AF1 effect", E of the request)</c>.</summary>
public static class EffectKey
{
    /// <summary>The size in bytes.</summary>
    public const int Size = 16;

    /// <summary>Computes the key.</summary>
    /// <param name="requestEnvelope">E of the request's envelope.</param>
    /// <returns>16 bytes.</returns>
    public static byte[] Of(Bytes32 requestEnvelope) => AfHash.Hash(Labels.Effect, requestEnvelope.Span).Span[..Size].ToArray();
}
