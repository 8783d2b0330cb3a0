using AgentFlow.Storage.PostgreSql.Connections;
using AgentFlow.Store;
using AgentFlow.Store.Rows;
using AgentFlow.Store.Sealing;
using Npgsql;

namespace AgentFlow.PostgreSql.Reads;

/// <summary>Reads the rows of threads.</summary>
internal sealed class ThreadQueries(ConnectionPool pool, RecordSealer device)
{
    // The member state is last: lists leave it out.
    private const string Columns =
        "t.agent, t.thread, v.body, t.version, coalesce(l.token, 0), t.received, t.pos, t.frame, t.outcome, t.blocked, t.started, t.updated, "
        + "t.title, t.reason, t.parent";

    private const string Tables = "thread t LEFT JOIN vault v ON v.thread = t.n LEFT JOIN lease l ON l.agent = t.agent AND l.thread = t.thread";

    public async ValueTask<ThreadRow?> FindAsync(AgentId agent, ThreadId thread, bool withMember, CancellationToken cancellationToken) => await pool.QueryAsync(
        $"SELECT {Columns}{(withMember ? ", t.member" : "")} FROM {Tables} WHERE t.agent = $1 AND t.thread = $2",
        [Arguments.Of(agent), Arguments.Of(thread)],
        async (reader, token) => await reader.ReadAsync(token).ConfigureAwait(false) ? Read(reader, withMember) : null,
        cancellationToken).ConfigureAwait(false);

    public async ValueTask<IReadOnlyList<ThreadRow>> ListAsync(ThreadQuery query, CancellationToken cancellationToken) => await pool.QueryAsync(
        $"""
        SELECT {Columns} FROM {Tables}
        WHERE ($1::bytea IS NULL OR t.agent = $1) AND ($2::int IS NULL OR t.outcome = $2) AND ($3 OR NOT t.destroyed)
          AND ($4::bigint IS NULL OR (t.started, t.n) < ($4, (SELECT n FROM thread WHERE agent = $5 AND thread = $6)))
        ORDER BY t.started DESC, t.n DESC LIMIT $7
        """,
        [
            Arguments.Of(query.Agent), Arguments.Of((int?)query.Outcome), Parameters.Of(query.IncludeDestroyed), Arguments.Of(query.After?.StartedAt),
            Arguments.Of(query.After?.Agent), Arguments.Of(query.After?.Thread), Parameters.Of(query.MaxCount),
        ],
        (reader, token) => reader.ListAsync(row => Read(row, withMember: false), token),
        cancellationToken).ConfigureAwait(false);

    public async ValueTask<IReadOnlyDictionary<ThreadOutcome, long>> CountAsync(AgentId? agent, CancellationToken cancellationToken)
    {
        var counts = await pool.QueryAsync(
            "SELECT outcome, count(*) FROM thread WHERE NOT destroyed AND ($1::bytea IS NULL OR agent = $1) GROUP BY outcome",
            [Arguments.Of(agent)],
            static (reader, token) => reader.ListAsync(static row => ((ThreadOutcome)row.GetInt32(0), row.GetInt64(1)), token),
            cancellationToken).ConfigureAwait(false);
        return counts.ToDictionary(pair => pair.Item1, pair => pair.Item2);
    }

    /// <summary>Reads the wrapped storage key of a thread, opened, or null where there is none.</summary>
    public async ValueTask<RecordSealer?> FindSealerAsync(AgentId agent, ThreadId thread, CancellationToken cancellationToken)
    {
        byte[]? wrapped = await pool.QueryAsync(
            "SELECT v.body FROM thread t JOIN vault v ON v.thread = t.n WHERE t.agent = $1 AND t.thread = $2",
            [Arguments.Of(agent), Arguments.Of(thread)],
            static async (reader, token) => await reader.ReadAsync(token).ConfigureAwait(false) ? reader.GetBlob(0) : null,
            cancellationToken).ConfigureAwait(false);
        return wrapped is null ? null : ThreadScope.Unwrap(device, agent, thread, wrapped);
    }

    private ThreadRow Read(NpgsqlDataReader row, bool withMember) => new SealedThread
    {
        Agent = row.GetAgent(0),
        Thread = row.GetThread(1),
        WrappedKey = row.GetBytes(2),
        Version = row.GetInt64(3),
        Fence = row.GetInt64(4),
        Received = row.GetInt64(5),
        Dispatched = new FramePosition(row.GetInt64(6), row.GetInt32(7)),
        Outcome = (ThreadOutcome)row.GetInt32(8),
        BlockedUntil = row.IsDBNull(9) ? null : row.GetTime(9),
        StartedAt = row.GetTime(10),
        UpdatedAt = row.GetTime(11),
        Title = row.GetBytes(12),
        Reason = row.GetBytes(13),
        Parent = row.GetBytes(14),
        Member = withMember ? row.GetBytes(15) : null,
    }.Open(device);
}
