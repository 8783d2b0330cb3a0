using AgentFlow.Storage.PostgreSql.Connections;
using AgentFlow.Store;
using AgentFlow.Store.Rows;
using AgentFlow.Store.Sealing;
using Npgsql;

namespace AgentFlow.PostgreSql.Reads;

/// <summary>Reads rows of many threads at once: approvals, timers, dead letters, threads with an outbox.</summary>
internal sealed class CrossThreadQueries(ConnectionPool pool, RecordSealer device)
{
    private const string Columns = "t.agent, t.thread, v.body";
    private const string Join = "x JOIN thread t ON t.n = x.thread JOIN vault v ON v.thread = t.n";

    public async ValueTask<IReadOnlyList<(AgentId Agent, ThreadId Thread)>> ListOutboxThreadsAsync(CancellationToken cancellationToken) =>
        await pool.QueryAsync(
        "SELECT agent, thread FROM thread WHERE n IN (SELECT thread FROM outbox) ORDER BY n",
        [],
        static (reader, token) => reader.ListAsync(static row => (row.GetAgent(0), row.GetThread(1)), token),
        cancellationToken).ConfigureAwait(false);

    public ValueTask<IReadOnlyList<ApprovalRow>> ListApprovalsAsync(ApprovalQuery query, CancellationToken cancellationToken)
    {
        // Named only where they are asked for, so that the planner can take the index of what is asked for.
        string narrow = query is { Agent: not null, Thread: not null } ? "x.thread = (SELECT n FROM thread WHERE agent = $1 AND thread = $2) AND "
            : query.State is ApprovalState.Pending or ApprovalState.Decided ? $"x.state = {(int)query.State.Value} AND x.state < 3 AND " : "";
        return ListAsync(
            $"""
            SELECT {Columns}, x.env, x.state, x.body FROM approval {Join}
            WHERE {narrow}($1::bytea IS NULL OR t.agent = $1) AND ($2::bytea IS NULL OR t.thread = $2) AND ($3::int IS NULL OR x.state = $3)
            ORDER BY x.n LIMIT $4
            """,
            [Arguments.Of(query.Agent), Arguments.Of(query.Thread), Arguments.Of((int?)query.State), Parameters.Of(query.MaxCount)],
            static (scope, row) => SealedRows.OpenApproval(scope, row.GetHash(3), (ApprovalState)row.GetInt32(4), row.GetBlob(5)),
            cancellationToken);
    }

    public ValueTask<IReadOnlyList<TimerRow>> ListDueTimersAsync(DateTimeOffset now, int maxCount, CancellationToken cancellationToken) => ListAsync(
        $"SELECT {Columns}, x.due, x.kind, x.name, x.body FROM timer {Join} WHERE x.due <= $1 ORDER BY x.due, x.n LIMIT $2",
        [Parameters.Of(now.ToUnixTimeMilliseconds()), Parameters.Of(maxCount)],
        static (scope, row) => SealedRows.OpenTimer(scope, row.GetTime(3), row.GetInt32(4), row.GetBlob(5), row.GetBlob(6)),
        cancellationToken);

    public ValueTask<DateTimeOffset?> FindNextDueAsync(CancellationToken cancellationToken) => pool.QueryAsync<DateTimeOffset?>(
        "SELECT due FROM timer ORDER BY due, n LIMIT 1",
        [],
        static async (reader, token) => await reader.ReadAsync(token).ConfigureAwait(false) ? reader.GetTime(0) : null,
        cancellationToken);

    public ValueTask<IReadOnlyList<DeadLetterRow>> ListDeadLettersAsync(AgentId? agent, ThreadId? thread, int maxCount,
        CancellationToken cancellationToken) => ListAsync(
        $"""
        SELECT {Columns}, x.pos, x.frame, x.at, x.body FROM dead {Join}
        WHERE ($1::bytea IS NULL OR t.agent = $1) AND ($2::bytea IS NULL OR t.thread = $2) ORDER BY x.thread, x.pos, x.frame LIMIT $3
        """,
        [Arguments.Of(agent), Arguments.Of(thread), Parameters.Of(maxCount)],
        static (scope, row) => SealedRows.OpenDeadLetter(scope, new FramePosition(row.GetInt64(3), row.GetInt32(4)), row.GetTime(5), row.GetBlob(6)),
        cancellationToken);

    private async ValueTask<IReadOnlyList<T>> ListAsync<T>(
        string sql, NpgsqlParameter[] parameters, Func<ThreadScope, NpgsqlDataReader, T> open, CancellationToken cancellationToken)
    {
        using var scopes = new ThreadScopes(device);
        return await pool.QueryAsync(
            sql,
            parameters,
            (reader, token) => reader.ListAsync(row => open(scopes.Of(row.GetAgent(0), row.GetThread(1), row.GetBlob(2)), row), token),
            cancellationToken).ConfigureAwait(false);
    }
}
