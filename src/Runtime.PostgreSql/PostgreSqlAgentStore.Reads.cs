using AgentFlow.Store;
using AgentFlow.Store.Sealing;

namespace AgentFlow.PostgreSql;

/// <content>What reads.</content>
internal sealed partial class PostgreSqlAgentStore
{
    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<AgentRecord>> ListAgentsAsync(CancellationToken cancellationToken) => _agents.ListAsync(null, cancellationToken);

    /// <inheritdoc/>
    public async ValueTask<AgentRecord?> FindAgentAsync(AgentId agent, CancellationToken cancellationToken) =>
        await _agents.ListAsync(agent, cancellationToken).ConfigureAwait(false) is [var found] ? found : null;

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<PinnedPeer>> ListPeersAsync(CancellationToken cancellationToken) => _agents.ListPeersAsync(null, cancellationToken);

    /// <inheritdoc/>
    public async ValueTask<PinnedPeer?> FindPeerAsync(AgentId agent, CancellationToken cancellationToken) =>
        await _agents.ListPeersAsync(agent, cancellationToken).ConfigureAwait(false) is [var found] ? found : null;

    /// <inheritdoc/>
    public ValueTask<ThreadRow?> FindThreadAsync(AgentId agent, ThreadId thread, CancellationToken cancellationToken) =>
        _threads.FindAsync(agent, thread, withMember: false, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<ThreadRow?> LoadThreadAsync(AgentId agent, ThreadId thread, CancellationToken cancellationToken) =>
        _threads.FindAsync(agent, thread, withMember: true, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<ThreadRow>> ListThreadsAsync(ThreadQuery query, CancellationToken cancellationToken) =>
        _threads.ListAsync(query, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyDictionary<ThreadOutcome, long>> CountThreadsAsync(AgentId? agent, CancellationToken cancellationToken) =>
        _threads.CountAsync(agent, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<HistoryRow>> ReadHistoryAsync(AgentId agent, ThreadId thread, long afterPosition, int maxCount,
        CancellationToken cancellationToken) =>
        _work.ReadHistoryAsync(agent, thread, afterPosition, maxCount, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<HistoryRow?> FindHistoryAsync(AgentId agent, ThreadId thread, Bytes32 envelope, CancellationToken cancellationToken) =>
        _work.FindHistoryAsync(agent, thread, envelope, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<PositionHashes>> ReadHashesAsync(AgentId agent, ThreadId thread, long fromPosition, int maxCount,
        CancellationToken cancellationToken) =>
        _work.ReadHashesAsync(agent, thread, fromPosition, maxCount, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<HistoryRecord?> FindOwnRecordAsync(AgentId agent, ThreadId thread, Bytes32 envelope, CancellationToken cancellationToken) =>
        _work.FindOwnAsync(agent, thread, envelope, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<bool> IsHandledAsync(AgentId agent, ThreadId thread, FramePosition frame, CancellationToken cancellationToken) =>
        _work.IsHandledAsync(agent, thread, frame, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<(AgentId Agent, ThreadId Thread)>> ListOutboxThreadsAsync(CancellationToken cancellationToken) =>
        _crossThread.ListOutboxThreadsAsync(cancellationToken);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<OutboxRow>> ReadOutboxAsync(AgentId agent, ThreadId thread, int maxCount, CancellationToken cancellationToken) =>
        _work.ReadOutboxAsync(agent, thread, maxCount, cancellationToken);

    /// <inheritdoc/>
    public async ValueTask<ReadOnlyMemory<byte>?> FindJournalAsync(AgentId agent, ThreadId thread, ReadOnlyMemory<byte> key,
        CancellationToken cancellationToken)
    {
        // Null must not become an empty memory by way of a null array: an empty memory is a result.
        byte[]? bytes = await FindSealerAsync(agent, thread, cancellationToken).ConfigureAwait(false) is { } sealer
            ? await _work.FindJournalAsync(agent, thread, sealer, key, cancellationToken).ConfigureAwait(false)
            : null;
        return bytes is null ? (ReadOnlyMemory<byte>?)null : bytes;
    }

    /// <inheritdoc/>
    public async ValueTask<StateRow?> FindStateAsync(AgentId agent, ThreadId thread, string name, CancellationToken cancellationToken) =>
        await FindSealerAsync(agent, thread, cancellationToken).ConfigureAwait(false) is { } sealer
            ? await _work.FindStateAsync(agent, thread, sealer, name, cancellationToken).ConfigureAwait(false)
            : null;

    /// <inheritdoc/>
    public async ValueTask<TimerRow?> FindTimerAsync(AgentId agent, ThreadId thread, int kind, ReadOnlyMemory<byte> key,
        CancellationToken cancellationToken) =>
        await FindSealerAsync(agent, thread, cancellationToken).ConfigureAwait(false) is { } sealer
            ? await _work.FindTimerAsync(agent, thread, sealer, kind, key, cancellationToken).ConfigureAwait(false)
            : null;

    /// <inheritdoc/>
    public ValueTask<ApprovalRow?> FindApprovalAsync(AgentId agent, ThreadId thread, Bytes32 requestEnvelope, CancellationToken cancellationToken) =>
        _work.FindApprovalAsync(agent, thread, requestEnvelope, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<ApprovalRow>> ListApprovalsAsync(ApprovalQuery query, CancellationToken cancellationToken) =>
        _crossThread.ListApprovalsAsync(query, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<TimerRow>> ListDueTimersAsync(DateTimeOffset now, int maxCount, CancellationToken cancellationToken) =>
        _crossThread.ListDueTimersAsync(now, maxCount, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<DateTimeOffset?> FindNextDueAsync(CancellationToken cancellationToken) => _crossThread.FindNextDueAsync(cancellationToken);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<DeadLetterRow>> ListDeadLettersAsync(AgentId? agent, ThreadId? thread, int maxCount,
        CancellationToken cancellationToken) =>
        _crossThread.ListDeadLettersAsync(agent, thread, maxCount, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<AuditRow>> ReadAuditAsync(AgentId agent, ThreadId thread, long afterNumber, int maxCount,
        CancellationToken cancellationToken) =>
        _work.ReadAuditAsync(agent, thread, afterNumber, maxCount, cancellationToken);

    /// <summary>
    /// The sealer of a thread. One that is kept may be that of a thread destroyed meanwhile: its rows are looked up by a join with the key that is gone.
    /// </summary>
    private async ValueTask<RecordSealer?> FindSealerAsync(AgentId agent, ThreadId thread, CancellationToken cancellationToken)
    {
        if (_sealers.Find(agent, thread) is { } kept)
            return kept;
        var sealer = await _threads.FindSealerAsync(agent, thread, cancellationToken).ConfigureAwait(false);
        if (sealer is not null)
            _sealers.Add(agent, thread, sealer);
        return sealer;
    }
}
