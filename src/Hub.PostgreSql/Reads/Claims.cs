using AgentFlow.Hub.PostgreSql.Connections;
using AgentFlow.Hub.Stores;
using AgentFlow.Storage.PostgreSql.Connections;

namespace AgentFlow.Hub.PostgreSql.Reads;

/// <summary>Claims on fan-out work, leases of (agent, thread), and the sweep: each one call of a function.</summary>
internal static class Claims
{
    public static ValueTask<IReadOnlyList<Claim>> InboxAsync(Database database, ClaimRequest request, CancellationToken cancellationToken) =>
        database.QueryAsync<IReadOnlyList<Claim>>(
        "SELECT thread,head,owner,token,until FROM agentflow.claim_inbox($1,$2,$3,$4,$5,$6,$7,$8)",
        [
            .. Common(database, request), Parameters.Shard(ShardKey.Of(request.Agent).Number), Parameters.Of(request.Agent.Value.ToArray()),
            Parameters.Of(request.Thread?.Value.ToArray()),
        ],
        async (r, t) =>
        {
            var claims = new List<Claim>();
            while (await r.ReadAsync(t).ConfigureAwait(false))
            {
                var thread = new ThreadId(r.GetFieldValue<byte[]>(0));
                var id = new ClaimId(ClaimKind.Inbox, request.Agent, thread);
                claims.Add(new Claim(id, r.GetGuid(2), r.GetInt64(3), StoreClock.ToTime(r.GetInt64(4)), [new ThreadNews(thread, r.GetInt64(1))]));
            }

            return claims;
        },
        cancellationToken);

    public static ValueTask<IReadOnlyList<Claim>> FanOutAsync(Database database, ClaimRequest request, CancellationToken cancellationToken) =>
        database.QueryAsync<IReadOnlyList<Claim>>(
        "SELECT token,until,thread,seq FROM agentflow.claim_fan_out($1,$2,$3,$4,$5)",
        Common(database, request),
        async (r, t) =>
        {
            var work = new List<ThreadNews>();
            var (token, until) = (0L, 0L);
            while (await r.ReadAsync(t).ConfigureAwait(false))
            {
                (token, until) = (r.GetInt64(0), r.GetInt64(1));
                work.Add(new ThreadNews(new ThreadId(r.GetFieldValue<byte[]>(2)), r.GetInt64(3)));
            }

            return work.Count == 0 ? [] : [new Claim(new ClaimId(ClaimKind.FanOut), request.Owner, token, StoreClock.ToTime(until), work)];
        },
        cancellationToken);

    public static ValueTask<SweepResult> SweepAsync(Database database, SweepBudget budget, CancellationToken cancellationToken) => database.QueryAsync(
        "SELECT bodies,states,has_more FROM agentflow.sweep($1,$2,$3,$4)",
        [
            Parameters.Of(database.Clock.Floor), Parameters.Of(database.Clock.IsFixed), Parameters.Of(budget.MaxRows),
            Parameters.Of((long)budget.TombstoneAge.TotalMilliseconds),
        ],
        static async (r, t) =>
        {
            await r.ReadAsync(t).ConfigureAwait(false);
            return new SweepResult(r.GetInt32(0), r.GetInt32(1), r.GetBoolean(2));
        },
        cancellationToken);

    private static Npgsql.NpgsqlParameter[] Common(Database database, ClaimRequest request) =>
    [
        Parameters.Of(database.Clock.Floor), Parameters.Of(database.Clock.IsFixed), Parameters.Of(request.Owner),
        Parameters.Of((long)request.Duration.TotalMilliseconds), Parameters.Of(request.Max),
    ];
}
