using AgentFlow.Protocol.Envelopes;
using AgentFlow.Protocol.Identity;

namespace AgentFlow.Protocol.Threads;

/// <summary>What the checks of a thread need from their surroundings. One instance serves all threads.</summary>
public sealed class ThreadChecks
{
    /// <summary>The identity logs. Used by Commits only.</summary>
    public required IIdentitySource Identities { get; init; }

    /// <summary>Thread hashes of older positions. Used where a sender lags by more than <see cref="PublicThread.RecentHashes"/> positions.</summary>
    public required IThreadHashes Hashes { get; init; }

    /// <summary>Batch signatures verified before, or null to verify each anew.</summary>
    /// <value>One set of 1,024 for the whole process: it is too large to make one for each thread.</value>
    public VerifiedBatches? Batches { get; init; } = VerifiedBatches.Shared;

    /// <summary>
    /// Whether envelope signatures are verified. False only for a hub in the process of its only clients, who verify them; Commits are always verified.
    /// </summary>
    /// <value>True.</value>
    public bool VerifiesSignatures { get; init; } = true;
}
