namespace AgentFlow.Store;

/// <summary>How a commit ended.</summary>
internal enum AgentCommitStatus
{
    /// <summary>All of it is durable.</summary>
    Committed = 0,

    /// <summary>The thread has another version: <see cref="AgentCommitResult.Version"/>, 0 where there is none.</summary>
    VersionConflict = 1,

    /// <summary>A newer lease was given out.</summary>
    Fenced = 2,

    /// <summary>There is no such thread, or no such row in it.</summary>
    NotFound = 3,

    /// <summary>The thread's storage key is destroyed.</summary>
    Destroyed = 4,

    /// <summary>The frame was handled before.</summary>
    AlreadyHandled = 5,

    /// <summary>The position stands in the history.</summary>
    HistoryExists = 6,

    /// <summary>The state has another version: <see cref="AgentCommitResult.Version"/>, 0 where there is none.</summary>
    StateConflict = 7,

    /// <summary>The message id was used before.</summary>
    OutboxExists = 8,

    /// <summary>The step was journaled before: <see cref="AgentCommitResult.Journal"/>.</summary>
    JournalExists = 9,

    /// <summary>The approval has another state: <see cref="AgentCommitResult.Approval"/>, null where there is none.</summary>
    ApprovalConflict = 10,
}

/// <summary>The answer to <see cref="IAgentStore.CommitAsync"/>. Where it is not committed, nothing was applied, and it says what stood there.</summary>
internal sealed record AgentCommitResult
{
    /// <summary>How it ended.</summary>
    public required AgentCommitStatus Status { get; init; }

    /// <summary>Whether all of it is durable.</summary>
    public bool IsCommitted => Status == AgentCommitStatus.Committed;

    /// <summary>The index of the commit that did not fit.</summary>
    public int CommitIndex { get; init; }

    /// <summary>The index of the operation that did not fit, or -1 where it was the thread itself.</summary>
    public int OperationIndex { get; init; } = -1;

    /// <summary>The version that stands: of the last commit's thread when committed; of the thread or state that did not fit otherwise.</summary>
    public long Version { get; init; }

    /// <summary>The journaled result that stands.</summary>
    public ReadOnlyMemory<byte> Journal { get; init; }

    /// <summary>The approval that stands.</summary>
    public ApprovalRow? Approval { get; init; }

    /// <summary>The answer to a commit whose thread has no storage key.</summary>
    public static AgentCommitResult Missing(AgentCommit commit, int index, ThreadRow? row) => new()
    {
        Status = row is { IsDestroyed: true } ? AgentCommitStatus.Destroyed
            : commit.ExpectVersion is null ? AgentCommitStatus.NotFound : AgentCommitStatus.VersionConflict,
        CommitIndex = index,
        Version = row?.Version ?? 0,
    };
}
