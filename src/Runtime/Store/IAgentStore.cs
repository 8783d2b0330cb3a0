namespace AgentFlow.Store;

/// <summary>The agents' own durable store, every row keyed by agent. On SQLite it belongs to one process; on PostgreSQL the processes of one app share it. All that the runtime must not lose goes through <see cref="CommitAsync"/>.</summary>
/// <remarks>
/// Thread-safe. What it takes and gives is plaintext; what it stores is sealed, and plaintext never lies on disk. A write returns only when it is durable.
/// A cancelled or failed write has an unknown outcome: load the thread again and look at its version. Reads see every commit that returned before them.
/// <para>Threads are per agent: two agents of one process in one thread have two rows, two storage keys and two histories.</para>
/// <para>Reads of a destroyed thread find nothing but its row (<see cref="ThreadRow.IsDestroyed"/>).</para>
/// </remarks>
internal interface IAgentStore : IAsyncDisposable
{
    /// <summary>The leases of its threads, or null where one process owns the store.</summary>
    IThreadLeases? Leases { get; }

    /// <summary>Lists the local agents, by id.</summary>
    ValueTask<IReadOnlyList<AgentRecord>> ListAgentsAsync(CancellationToken cancellationToken);

    /// <summary>Reads one local agent, or null.</summary>
    ValueTask<AgentRecord?> FindAgentAsync(AgentId agent, CancellationToken cancellationToken);

    /// <summary>Writes a local agent by compare-and-set on <see cref="AgentRecord.Version"/>: 0 creates it, else the stored version must equal it. The stored one becomes one higher.</summary>
    /// <returns>False, with nothing applied, where another version stands or another agent has the name.</returns>
    ValueTask<bool> PutAgentAsync(AgentRecord agent, CancellationToken cancellationToken);

    /// <summary>Lists what is known of peers.</summary>
    ValueTask<IReadOnlyList<PinnedPeer>> ListPeersAsync(CancellationToken cancellationToken);

    /// <summary>Reads the pin of a peer, or null.</summary>
    ValueTask<PinnedPeer?> FindPeerAsync(AgentId agent, CancellationToken cancellationToken);

    /// <summary>Writes a pin unless a higher sequence number is pinned, or another head at the same one.</summary>
    /// <returns>False, with nothing applied, where the held pin wins.</returns>
    ValueTask<bool> PutPeerAsync(PinnedPeer peer, CancellationToken cancellationToken);

    /// <summary>Applies commits in one transaction: all of them or, at the first mismatch, nothing.</summary>
    /// <param name="commits">One commit for each thread touched; a handler that starts a child thread passes two. Order is kept.</param>
    /// <param name="cancellationToken">Cancels the wait. The outcome is then unknown.</param>
    /// <exception cref="ArgumentException">A commit is misused, such as one that changes the thread without <see cref="AgentCommit.ExpectVersion"/>.</exception>
    ValueTask<AgentCommitResult> CommitAsync(IReadOnlyList<AgentCommit> commits, CancellationToken cancellationToken);

    /// <summary>Reads a thread's row without its member state, or null.</summary>
    ValueTask<ThreadRow?> FindThreadAsync(AgentId agent, ThreadId thread, CancellationToken cancellationToken);

    /// <summary>Reads a thread's row with the secrets of its member state, or null. Whoever loads it erases them.</summary>
    ValueTask<ThreadRow?> LoadThreadAsync(AgentId agent, ThreadId thread, CancellationToken cancellationToken);

    /// <summary>Lists threads, the last started first, without their member state.</summary>
    ValueTask<IReadOnlyList<ThreadRow>> ListThreadsAsync(ThreadQuery query, CancellationToken cancellationToken);

    /// <summary>Counts threads by outcome; an outcome without threads is absent. Destroyed threads do not count.</summary>
    /// <param name="agent">The agent, or null for all.</param>
    /// <param name="cancellationToken">Cancels the read.</param>
    ValueTask<IReadOnlyDictionary<ThreadOutcome, long>> CountThreadsAsync(AgentId? agent, CancellationToken cancellationToken);

    /// <summary>Reads the verified history after a position, in order.</summary>
    /// <param name="agent">The agent.</param>
    /// <param name="thread">The thread.</param>
    /// <param name="afterPosition">The position before the first one wanted; 0 reads from the start.</param>
    /// <param name="maxCount">The most rows, from 1.</param>
    /// <param name="cancellationToken">Cancels the read.</param>
    ValueTask<IReadOnlyList<HistoryRow>> ReadHistoryAsync(AgentId agent, ThreadId thread, long afterPosition, int maxCount, CancellationToken cancellationToken);

    /// <summary>Reads the history row of an envelope by its digest, or null.</summary>
    ValueTask<HistoryRow?> FindHistoryAsync(AgentId agent, ThreadId thread, Bytes32 envelope, CancellationToken cancellationToken);

    /// <summary>Reads E and T of the positions from <paramref name="fromPosition"/> on, in order, without opening records.</summary>
    ValueTask<IReadOnlyList<PositionHashes>> ReadHashesAsync(AgentId agent, ThreadId thread, long fromPosition, int maxCount, CancellationToken cancellationToken);

    /// <summary>Reads the record of an own envelope that was sealed and does not yet stand in the history, or null.</summary>
    ValueTask<HistoryRecord?> FindOwnRecordAsync(AgentId agent, ThreadId thread, Bytes32 envelope, CancellationToken cancellationToken);

    /// <summary>Tells whether a frame's transaction has committed.</summary>
    ValueTask<bool> IsHandledAsync(AgentId agent, ThreadId thread, FramePosition frame, CancellationToken cancellationToken);

    /// <summary>Lists the threads that have something to send.</summary>
    ValueTask<IReadOnlyList<(AgentId Agent, ThreadId Thread)>> ListOutboxThreadsAsync(CancellationToken cancellationToken);

    /// <summary>Reads what a thread has to send, in the order in which it was added.</summary>
    ValueTask<IReadOnlyList<OutboxRow>> ReadOutboxAsync(AgentId agent, ThreadId thread, int maxCount, CancellationToken cancellationToken);

    /// <summary>Reads the journaled result of a step, or null.</summary>
    ValueTask<ReadOnlyMemory<byte>?> FindJournalAsync(AgentId agent, ThreadId thread, ReadOnlyMemory<byte> key, CancellationToken cancellationToken);

    /// <summary>Reads a state by name, or null.</summary>
    ValueTask<StateRow?> FindStateAsync(AgentId agent, ThreadId thread, string name, CancellationToken cancellationToken);

    /// <summary>Reads the approval of a request, or null.</summary>
    ValueTask<ApprovalRow?> FindApprovalAsync(AgentId agent, ThreadId thread, Bytes32 requestEnvelope, CancellationToken cancellationToken);

    /// <summary>Lists approvals in the order of their creation.</summary>
    ValueTask<IReadOnlyList<ApprovalRow>> ListApprovalsAsync(ApprovalQuery query, CancellationToken cancellationToken);

    /// <summary>Lists the timers that are due at <paramref name="now"/> or before, the earliest first.</summary>
    ValueTask<IReadOnlyList<TimerRow>> ListDueTimersAsync(DateTimeOffset now, int maxCount, CancellationToken cancellationToken);

    /// <summary>Reads a timer, or null.</summary>
    ValueTask<TimerRow?> FindTimerAsync(AgentId agent, ThreadId thread, int kind, ReadOnlyMemory<byte> key, CancellationToken cancellationToken);

    /// <summary>Reads when the earliest timer is due, or null where there is none.</summary>
    ValueTask<DateTimeOffset?> FindNextDueAsync(CancellationToken cancellationToken);

    /// <summary>Lists dead letters, by position within a thread.</summary>
    /// <param name="agent">The agent, or null for all.</param>
    /// <param name="thread">The thread, or null for all.</param>
    /// <param name="maxCount">The most rows, from 1.</param>
    /// <param name="cancellationToken">Cancels the read.</param>
    ValueTask<IReadOnlyList<DeadLetterRow>> ListDeadLettersAsync(AgentId? agent, ThreadId? thread, int maxCount, CancellationToken cancellationToken);

    /// <summary>Reads the audit rows of a thread after a row number, in order.</summary>
    ValueTask<IReadOnlyList<AuditRow>> ReadAuditAsync(AgentId agent, ThreadId thread, long afterNumber, int maxCount, CancellationToken cancellationToken);

    /// <summary>Raises the fencing token of a thread and returns it: commits with a lower <see cref="AgentCommit.Fence"/> are refused from then on. Null where there is no such thread.</summary>
    ValueTask<long?> RaiseFenceAsync(AgentId agent, ThreadId thread, CancellationToken cancellationToken);

    /// <summary>Destroys the storage key of a thread, and its timers and outbox: what else it stored stays as bytes that nobody can read.</summary>
    /// <returns>False where there is no such thread, or where it was destroyed before.</returns>
    ValueTask<bool> DestroyThreadAsync(AgentId agent, ThreadId thread, CancellationToken cancellationToken);
}
