using System.Text;
using AgentFlow.Storage.PostgreSql.Connections;
using AgentFlow.Store;
using AgentFlow.Store.Rows;
using AgentFlow.Store.Sealing;
using Npgsql;

namespace AgentFlow.PostgreSql.Reads;

/// <summary>
/// Reads what one thread holds: history, outbox, journal, states, approvals, timers, audit. Each query brings the thread's wrapped key along.
/// </summary>
internal sealed class WorkQueries(ConnectionPool pool, RecordSealer device)
{
    // The first column is the wrapped key, the first two parameters name the thread.
    private const string From = "FROM thread t JOIN vault v ON v.thread = t.n JOIN";
    private const string Where = "x.thread = t.n WHERE t.agent = $1 AND t.thread = $2";

    public ValueTask<IReadOnlyList<HistoryRow>> ReadHistoryAsync(AgentId agent, ThreadId thread, long after, int maxCount,
        CancellationToken cancellationToken) => ListAsync(
        agent, thread, $"SELECT v.body, x.pos, x.env, x.hash, x.status, x.body {From} history x ON {Where} AND x.pos > $3 ORDER BY x.pos LIMIT $4",
        [Parameters.Of(after), Parameters.Of(maxCount)], OpenHistory, cancellationToken);

    public ValueTask<HistoryRow?> FindHistoryAsync(AgentId agent, ThreadId thread, Bytes32 envelope, CancellationToken cancellationToken) => FirstAsync(
        agent, thread, $"SELECT v.body, x.pos, x.env, x.hash, x.status, x.body {From} history x ON {Where} AND x.env = $3 ORDER BY x.pos LIMIT 1",
        [Arguments.Of(envelope)], OpenHistory, cancellationToken);

    /// <summary>Reads E and T, which are public, and so without the thread's key.</summary>
    public async ValueTask<IReadOnlyList<PositionHashes>> ReadHashesAsync(AgentId agent, ThreadId thread, long from, int maxCount,
        CancellationToken cancellationToken) =>
        await pool.QueryAsync(
            $"SELECT x.pos, x.env, x.hash FROM thread t JOIN history x ON {Where} AND NOT t.destroyed AND x.pos >= $3 ORDER BY x.pos LIMIT $4",
            [Arguments.Of(agent), Arguments.Of(thread), Parameters.Of(from), Parameters.Of(maxCount)],
            static (reader, token) => reader.ListAsync(static row => new PositionHashes(row.GetInt64(0), row.GetHash(1), row.GetHash(2)), token),
            cancellationToken).ConfigureAwait(false);

    public ValueTask<HistoryRecord?> FindOwnAsync(AgentId agent, ThreadId thread, Bytes32 envelope, CancellationToken cancellationToken) => FirstAsync(
        agent, thread, $"SELECT v.body, x.body {From} own x ON {Where} AND x.env = $3", [Arguments.Of(envelope)],
        (scope, row) => HistoryRecordCodec.Open(scope.Sealer, RecordSlot.OwnRecord, envelope.Span, row.GetBlob(1)), cancellationToken);

    public ValueTask<bool> IsHandledAsync(AgentId agent, ThreadId thread, FramePosition frame, CancellationToken cancellationToken) => pool.QueryAsync(
        $"SELECT 1 FROM thread t JOIN handled x ON {Where} AND x.pos = $3 AND x.frame = $4",
        [Arguments.Of(agent), Arguments.Of(thread), Parameters.Of(frame.Position), Parameters.Of(frame.Frame)],
        static (reader, token) => reader.ReadAsync(token), cancellationToken);

    public ValueTask<IReadOnlyList<OutboxRow>> ReadOutboxAsync(AgentId agent, ThreadId thread, int maxCount, CancellationToken cancellationToken) =>
        ListAsync(
        agent, thread, $"SELECT v.body, x.msg, x.env, x.genesis, x.body {From} outbox x ON {Where} ORDER BY x.n LIMIT $3", [Parameters.Of(maxCount)],
        static (scope, row) => SealedRows.OpenOutbox(scope.Sealer, row.GetBlob(1), row.GetHash(2), row.GetBoolean(3), row.GetBlob(4)), cancellationToken);

    // The names are hashed under the thread's key, so that one is read first.
    public ValueTask<byte[]?> FindJournalAsync(AgentId agent, ThreadId thread, RecordSealer sealer, ReadOnlyMemory<byte> key,
        CancellationToken cancellationToken)
    {
        byte[] name = sealer.HashName(RecordSlot.Journal, key.Span);
        return FirstAsync(
            agent, thread, $"SELECT v.body, x.body {From} journal x ON {Where} AND x.name = $3", [Parameters.Of(name)],
            (scope, row) => SealedRows.OpenJournal(scope.Sealer, name, row.GetBlob(1)), cancellationToken);
    }

    public ValueTask<StateRow?> FindStateAsync(AgentId agent, ThreadId thread, RecordSealer sealer, string stateName, CancellationToken cancellationToken)
    {
        byte[] name = sealer.HashName(RecordSlot.State, Encoding.UTF8.GetBytes(stateName));
        return FirstAsync(
            agent, thread, $"SELECT v.body, x.shape, x.version, x.body {From} state x ON {Where} AND x.name = $3", [Parameters.Of(name)],
            (scope, row) => SealedRows.OpenState(scope.Sealer, name, row.GetInt32(1), row.GetInt64(2), row.GetBlob(3)), cancellationToken);
    }

    public ValueTask<TimerRow?> FindTimerAsync(
        AgentId agent, ThreadId thread, RecordSealer sealer, int kind, ReadOnlyMemory<byte> key, CancellationToken cancellationToken)
    {
        byte[] name = sealer.HashName(RecordSlot.Timer, key.Span);
        return FirstAsync(
            agent, thread, $"SELECT v.body, x.due, x.body {From} timer x ON {Where} AND x.kind = $3 AND x.name = $4",
                [Parameters.Of(kind), Parameters.Of(name)],
            (scope, row) => SealedRows.OpenTimer(scope, row.GetTime(1), kind, name, row.GetBlob(2)), cancellationToken);
    }

    public ValueTask<ApprovalRow?> FindApprovalAsync(AgentId agent, ThreadId thread, Bytes32 request, CancellationToken cancellationToken) => FirstAsync(
        agent, thread, $"SELECT v.body, x.env, x.state, x.body {From} approval x ON {Where} AND x.env = $3", [Arguments.Of(request)],
        static (scope, row) => SealedRows.OpenApproval(scope, row.GetHash(1), (ApprovalState)row.GetInt32(2), row.GetBlob(3)), cancellationToken);

    public ValueTask<IReadOnlyList<AuditRow>> ReadAuditAsync(AgentId agent, ThreadId thread, long after, int maxCount,
        CancellationToken cancellationToken) => ListAsync(
        agent, thread, $"SELECT v.body, x.n, x.at, x.kind, x.body {From} audit x ON {Where} AND x.n > $3 ORDER BY x.n LIMIT $4",
        [Parameters.Of(after), Parameters.Of(maxCount)],
        static (scope, row) => SealedRows.OpenAudit(scope.Sealer, row.GetInt64(1), row.GetTime(2), row.GetInt32(3), row.GetBlob(4)), cancellationToken);

    private static HistoryRow OpenHistory(ThreadScope scope, NpgsqlDataReader row) =>
        SealedRows.OpenHistory(scope.Sealer, row.GetInt64(1), row.GetHash(2), row.GetHash(3), (HistoryStatus)row.GetInt32(4), row.GetBytes(5));

    private async ValueTask<T?> FirstAsync<T>(
        AgentId agent, ThreadId thread, string sql, NpgsqlParameter[] parameters, Func<ThreadScope, NpgsqlDataReader, T> open,
            CancellationToken cancellationToken)
        where T : class
    {
        var rows = await ListAsync(agent, thread, sql, parameters, open, cancellationToken).ConfigureAwait(false);
        return rows.Count == 0 ? null : rows[0];
    }

    private async ValueTask<IReadOnlyList<T>> ListAsync<T>(
        AgentId agent, ThreadId thread, string sql, NpgsqlParameter[] parameters, Func<ThreadScope, NpgsqlDataReader, T> open,
            CancellationToken cancellationToken)
    {
        using var scopes = new ThreadScopes(device);
        return await pool.QueryAsync(
            sql,
            [Arguments.Of(agent), Arguments.Of(thread), .. parameters],
            (reader, token) => reader.ListAsync(row => open(scopes.Of(agent, thread, row.GetBlob(0)), row), token),
            cancellationToken).ConfigureAwait(false);
    }
}
