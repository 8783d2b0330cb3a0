namespace AgentFlow.Store;

/// <summary>What changes in one thread of one agent, in one transaction.</summary>
internal sealed record AgentCommit
{
    /// <summary>The agent.</summary>
    public required AgentId Agent { get; init; }

    /// <summary>The thread.</summary>
    public required ThreadId Thread { get; init; }

    /// <summary>
    /// The version that the thread must have; it becomes one higher. 0: the thread must not exist and the first operation is <see cref="AgentOp.CreateThread"/>.
    /// Null: the version is neither compared nor raised. That is for work beside the thread's own processing (see <see cref="AgentOp.NeedsVersion"/>), such as the outbox pump and steps.
    /// </summary>
    public required long? ExpectVersion { get; init; }

    /// <summary>What to do, in order.</summary>
    public required IReadOnlyList<AgentOp> Operations { get; init; }

    /// <summary>The fencing token of the caller's lease, or null where no token was ever given out: one process owns the store, or nobody leases the thread.</summary>
    public long? Fence { get; init; }
}

/// <summary>Short forms of <see cref="IAgentStore.CommitAsync"/>.</summary>
internal static class AgentStoreExtensions
{
    /// <summary>Applies one commit.</summary>
    public static ValueTask<AgentCommitResult> CommitAsync(this IAgentStore store, AgentCommit commit, CancellationToken cancellationToken) =>
        store.CommitAsync([commit], cancellationToken);
}
