using AgentFlow.Storage;
using AgentFlow.Store.Rows;

namespace AgentFlow.Store.Sqlite;

/// <content>What reads.</content>
internal sealed partial class SqliteAgentStore
{
    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<AgentRecord>> ListAgentsAsync(CancellationToken cancellationToken) => _store.ReadAsync(_agents.List, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<AgentRecord?> FindAgentAsync(AgentId agent, CancellationToken cancellationToken) => _store.ReadAsync(s => _agents.Find(s, agent), cancellationToken);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<PinnedPeer>> ListPeersAsync(CancellationToken cancellationToken) => _store.ReadAsync(_peers.List, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<PinnedPeer?> FindPeerAsync(AgentId agent, CancellationToken cancellationToken) => _store.ReadAsync(s => _peers.Find(s, agent), cancellationToken);

    /// <inheritdoc/>
    public ValueTask<ThreadRow?> FindThreadAsync(AgentId agent, ThreadId thread, CancellationToken cancellationToken) =>
        _store.ReadAsync(s => _threads.Find(s, agent, thread, withMember: false), cancellationToken);

    /// <inheritdoc/>
    public ValueTask<ThreadRow?> LoadThreadAsync(AgentId agent, ThreadId thread, CancellationToken cancellationToken) =>
        _store.ReadAsync(s => _threads.Find(s, agent, thread, withMember: true), cancellationToken);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<ThreadRow>> ListThreadsAsync(ThreadQuery query, CancellationToken cancellationToken) =>
        _store.ReadAsync(s => _threads.List(s, query), cancellationToken);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyDictionary<ThreadOutcome, long>> CountThreadsAsync(AgentId? agent, CancellationToken cancellationToken) =>
        _store.ReadAsync(s => ThreadRows.Count(s, agent), cancellationToken);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<HistoryRow>> ReadHistoryAsync(AgentId agent, ThreadId thread, long afterPosition, int maxCount, CancellationToken cancellationToken) =>
        ReadThreadAsync(agent, thread, (session, scope) => HistoryRows.Read(session, scope, afterPosition, maxCount), [], cancellationToken);

    /// <inheritdoc/>
    public ValueTask<HistoryRow?> FindHistoryAsync(AgentId agent, ThreadId thread, Bytes32 envelope, CancellationToken cancellationToken) =>
        ReadThreadAsync(agent, thread, (session, scope) => HistoryRows.Find(session, scope, envelope), null, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<PositionHashes>> ReadHashesAsync(AgentId agent, ThreadId thread, long fromPosition, int maxCount, CancellationToken cancellationToken) =>
        _store.ReadAsync(s => HistoryRows.ReadHashes(s, agent, thread, fromPosition, maxCount), cancellationToken);

    /// <inheritdoc/>
    public ValueTask<HistoryRecord?> FindOwnRecordAsync(AgentId agent, ThreadId thread, Bytes32 envelope, CancellationToken cancellationToken) =>
        ReadThreadAsync(agent, thread, (session, scope) => HistoryRows.FindOwn(session, scope, envelope), null, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<bool> IsHandledAsync(AgentId agent, ThreadId thread, FramePosition frame, CancellationToken cancellationToken) =>
        _store.ReadAsync(s => WorkRows.IsHandled(s, agent, thread, frame), cancellationToken);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<(AgentId Agent, ThreadId Thread)>> ListOutboxThreadsAsync(CancellationToken cancellationToken) =>
        _store.ReadAsync(WorkRows.ListOutboxThreads, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<OutboxRow>> ReadOutboxAsync(AgentId agent, ThreadId thread, int maxCount, CancellationToken cancellationToken) =>
        ReadThreadAsync(agent, thread, (session, scope) => WorkRows.ReadOutbox(session, scope, maxCount), [], cancellationToken);

    /// <inheritdoc/>
    public async ValueTask<ReadOnlyMemory<byte>?> FindJournalAsync(AgentId agent, ThreadId thread, ReadOnlyMemory<byte> key, CancellationToken cancellationToken)
    {
        // Null without the cast would become an empty memory, by way of a null array: and an empty memory is a result.
        byte[]? bytes = await ReadThreadAsync(agent, thread, (session, scope) => WorkRows.FindJournal(session, scope, key.Span), null, cancellationToken).ConfigureAwait(false);
        return bytes is null ? (ReadOnlyMemory<byte>?)null : bytes;
    }

    /// <inheritdoc/>
    public ValueTask<StateRow?> FindStateAsync(AgentId agent, ThreadId thread, string name, CancellationToken cancellationToken) =>
        ReadThreadAsync(agent, thread, (session, scope) => WorkRows.FindState(session, scope, name), null, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<ApprovalRow?> FindApprovalAsync(AgentId agent, ThreadId thread, Bytes32 requestEnvelope, CancellationToken cancellationToken) =>
        ReadThreadAsync(agent, thread, (session, scope) => WorkRows.FindApproval(session, scope, requestEnvelope), null, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<ApprovalRow>> ListApprovalsAsync(ApprovalQuery query, CancellationToken cancellationToken) =>
        _store.ReadAsync(s => _crossThread.ListApprovals(s, query), cancellationToken);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<TimerRow>> ListDueTimersAsync(DateTimeOffset now, int maxCount, CancellationToken cancellationToken) =>
        _store.ReadAsync(s => _crossThread.ListDueTimers(s, now, maxCount), cancellationToken);

    /// <inheritdoc/>
    public ValueTask<TimerRow?> FindTimerAsync(AgentId agent, ThreadId thread, int kind, ReadOnlyMemory<byte> key, CancellationToken cancellationToken) =>
        ReadThreadAsync(agent, thread, (session, scope) => WorkRows.FindTimer(session, scope, kind, key.Span), null, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<DateTimeOffset?> FindNextDueAsync(CancellationToken cancellationToken) => _store.ReadAsync(CrossThreadRows.FindNextDue, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<DeadLetterRow>> ListDeadLettersAsync(AgentId? agent, ThreadId? thread, int maxCount, CancellationToken cancellationToken) =>
        _store.ReadAsync(s => _crossThread.ListDeadLetters(s, agent, thread, maxCount), cancellationToken);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<AuditRow>> ReadAuditAsync(AgentId agent, ThreadId thread, long afterNumber, int maxCount, CancellationToken cancellationToken) =>
        ReadThreadAsync(agent, thread, (session, scope) => WorkRows.ReadAudit(session, scope, afterNumber, maxCount), [], cancellationToken);

    /// <summary>Reads rows of one thread with its key, or answers <paramref name="otherwise"/> where there is none.</summary>
    private ValueTask<TResult> ReadThreadAsync<TResult>(
        AgentId agent, ThreadId thread, Func<ReadSession, ThreadScope, TResult> read, TResult otherwise, CancellationToken cancellationToken) =>
        _store.ReadAsync(
            session =>
            {
                using var scope = ThreadScopeQueries.Find(session, _device, agent, thread);
                return scope is null ? otherwise : read(session, scope);
            },
            cancellationToken);
}
