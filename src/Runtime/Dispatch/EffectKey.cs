using AgentFlow.Protocol.Crypto;

namespace AgentFlow.Dispatch;

/// <summary>The key for external systems of an approved request: H("AF1 effect", requestE)[0..16] (protocol.md 2.10).</summary>
internal static class EffectKey
{
    public static byte[] Of(Bytes32 requestEnvelope) => AfHash.Hash(Labels.Effect, requestEnvelope.Span).Span[..16].ToArray();
}
