using AgentFlow.PostgreSql.Reads;
using AgentFlow.Storage.PostgreSql.Connections;
using AgentFlow.Store;
using Npgsql;
using NpgsqlTypes;

namespace AgentFlow.PostgreSql.Leases;

/// <summary>
/// Leases as rows, by the clock of the database. A commit to a thread holds its lease row, so a lease that was given out is the end of all older ones.
/// </summary>
internal sealed class PostgreSqlThreadLeases(ConnectionPool pool) : IThreadLeases
{
    private const string Acquire =
        """
        WITH got AS (
          INSERT INTO lease AS l(agent, thread, owner, token, held, until) VALUES($1, $2, $3, 1, true, now_ms() + $4)
          ON CONFLICT (agent, thread) DO UPDATE SET owner = $3, token = l.token + (l.owner <> $3)::int, held = true, until = now_ms() + $4
          WHERE l.owner = $3 OR l.until <= now_ms() RETURNING l.token)
        SELECT token, 0::bigint FROM got UNION ALL
        SELECT 0::bigint, greatest(until - now_ms(), 1) FROM lease WHERE agent = $1 AND thread = $2 AND NOT EXISTS (SELECT FROM got)
        """;

    private const string Mine = "FROM unnest($2, $3, $4) AS k(a, t, token) WHERE l.agent = k.a AND l.thread = k.t AND l.token = k.token AND l.owner = $1";

    // Somebody else took it between the two looks.
    private static readonly TimeSpan s_unknown = TimeSpan.FromSeconds(1);

    public async ValueTask<LeaseAnswer> AcquireAsync(AgentId agent, ThreadId thread, Guid owner, TimeSpan duration, CancellationToken cancellationToken)
    {
        var answers = await pool.QueryAsync(
            Acquire,
            [Arguments.Of(agent), Arguments.Of(thread), Parameters.Of(owner), Parameters.Of((long)duration.TotalMilliseconds)],
            static (reader, token) => reader.ListAsync(static row => new LeaseAnswer(row.GetInt64(0), TimeSpan.FromMilliseconds(row.GetInt64(1))), token),
            cancellationToken).ConfigureAwait(false);
        return answers.Count > 0 ? answers[0] : new LeaseAnswer(0, s_unknown);
    }

    public async ValueTask<IReadOnlyList<LeasedThread>> RenewAsync(
        Guid owner, IReadOnlyList<LeasedThread> leases, TimeSpan duration, CancellationToken cancellationToken) => await pool.QueryAsync(
        $"UPDATE lease l SET until = now_ms() + $5 {Mine} AND l.held RETURNING l.agent, l.thread, l.token",
        [.. Keys(owner, leases), Parameters.Of((long)duration.TotalMilliseconds)],
        static (reader, token) => reader.ListAsync(static row => new LeasedThread(row.GetAgent(0), row.GetThread(1), row.GetInt64(2)), token),
        cancellationToken).ConfigureAwait(false);

    public async ValueTask ReleaseAsync(Guid owner, IReadOnlyList<LeasedThread> leases, bool hasWork, CancellationToken cancellationToken) =>
        await pool.QueryAsync(
        $"UPDATE lease l SET held = $5, until = 0 {Mine}",
        [.. Keys(owner, leases), Parameters.Of(hasWork)],
        static (_, _) => Task.FromResult(true),
        cancellationToken).ConfigureAwait(false);

    public async ValueTask<IReadOnlyList<(AgentId Agent, ThreadId Thread)>> ListAbandonedAsync(
        IReadOnlyCollection<AgentId> agents, int maxCount, CancellationToken cancellationToken) => await pool.QueryAsync(
        "SELECT agent, thread FROM lease WHERE held AND until <= now_ms() AND agent = ANY($2) ORDER BY until LIMIT $1",
        [Parameters.Of(maxCount), Arguments.Blobs([.. agents.Select(agent => agent.Value.ToArray())])],
        static (reader, token) => reader.ListAsync(static row => (row.GetAgent(0), row.GetThread(1)), token),
        cancellationToken).ConfigureAwait(false);

    private static NpgsqlParameter[] Keys(Guid owner, IReadOnlyList<LeasedThread> leases) =>
    [
        Parameters.Of(owner), Arguments.Blobs([.. leases.Select(lease => lease.Agent.Value.ToArray())]),
            Arguments.Blobs([.. leases.Select(lease => lease.Thread.Value.ToArray())]),
        Parameters.Array(leases.Select(lease => lease.Token).ToArray(), NpgsqlDbType.Bigint),
    ];
}
