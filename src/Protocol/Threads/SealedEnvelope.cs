namespace AgentFlow.Protocol.Threads;

/// <summary>How an envelope is sealed.</summary>
/// <param name="Time">The sender's clock in Unix milliseconds.</param>
/// <param name="UsesBatchSignature">
/// Whether the trailer is left out, to be appended by a <see cref="Envelopes.BatchSignature"/> before the envelope is stored. Default: false, signed alone.
/// </param>
public readonly record struct SealOptions(long Time, bool UsesBatchSignature = false);

/// <summary>
/// What the sender keeps of an envelope that it sealed. Store it, the sealed bytes and the member's state in one transaction, then send those bytes.
/// </summary>
/// <param name="Digest">E, which is signed, and by which the sender knows its envelope again.</param>
/// <param name="CommitmentKey">Kc, which opens C to an auditor; store it sealed.</param>
/// <param name="Context">The group context that the envelope is bound to.</param>
/// <param name="Epoch">The epoch.</param>
/// <param name="SenderSeq">The number among the envelopes of this device.</param>
/// <param name="Generation">The step of the ratchet.</param>
public readonly record struct SealedEnvelope(Bytes32 Digest, Bytes32 CommitmentKey, Bytes32 Context, ulong Epoch, ulong SenderSeq, uint Generation);
