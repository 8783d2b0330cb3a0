namespace AgentFlow.Protocol.Proofs;

/// <summary>What the auditor knows from elsewhere. A proof can show that keys signed; that they are the right ones has to come from outside.</summary>
/// <remarks>At least one of <see cref="Thread"/>, <see cref="Creator"/> and <see cref="Approvers"/> must be given. Immutable.</remarks>
public sealed record ProofExpectations
{
    /// <summary>The thread, or null for any.</summary>
    public ThreadId? Thread { get; init; }

    /// <summary>The agent that started the thread, and so wrote its first policy, or null for any.</summary>
    public AgentId? Creator { get; init; }

    /// <summary>The people whose votes are believed, or null for whoever the policy lists.</summary>
    public IReadOnlyCollection<AgentId>? Approvers { get; init; }

    /// <summary>The digest of the content, or null for any.</summary>
    public Bytes32? Digest { get; init; }

    internal void Require()
    {
        if (Thread is null && Creator is null && Approvers is null)
            throw new ArgumentException("Give the thread, its creator or the approvers that you expect: anybody can approve in a thread of their own.");
    }
}
