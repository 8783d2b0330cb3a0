using AgentFlow.Hub.PostgreSql.Connections;
using AgentFlow.Storage.PostgreSql.Connections;
using Npgsql;
using NpgsqlTypes;

namespace AgentFlow.Hub.PostgreSql.Lanes;

/// <summary>A run of commits of any operations, as the arguments of <c>agentflow.apply_commits</c>.</summary>
internal static class OpColumns
{
    private const string Sql =
        "SELECT now,status,vals,current,repeated FROM agentflow.apply_commits($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13,$14,$15)";

    public static NpgsqlBatchCommand Command(ReadOnlySpan<PendingCommit> run, DatabaseClock clock)
    {
        var rows = new List<(int Shard, OpRow Row)>();
        int[] last = new int[run.Length];
        for (int i = 0; i < run.Length; i++)
        {
            var commit = run[i].Commit;
            if (commit.Fence is { } fence)
                rows.Add((commit.Shard.Number, OpRow.Of(fence)));
            foreach (var op in commit.Ops)
                rows.Add((commit.Shard.Number, OpRow.Of(op)));
            last[i] = rows.Count;
        }

        return new NpgsqlBatchCommand(Sql)
        {
            Parameters =
            {
                Parameters.Of(clock.Floor), Parameters.Of(clock.IsFixed), Parameters.Array(last, NpgsqlDbType.Integer),
                Column(rows, static r => (short)r.Row.Kind, NpgsqlDbType.Smallint), Column(rows, static r => (short)r.Shard, NpgsqlDbType.Smallint),
                Column(rows, static r => r.Row.Id, NpgsqlDbType.Bytea), Column(rows, static r => r.Row.Agent, NpgsqlDbType.Bytea),
                Column(rows, static r => r.Row.Append?.MessageId.Value, NpgsqlDbType.Uuid),
                Column(rows, static r => r.Row.Append?.BodyHash.ToArray(), NpgsqlDbType.Bytea),
                Column(rows, static r => r.Row.Append?.ThreadHash.ToArray(), NpgsqlDbType.Bytea), Column(rows, static r => r.Row.N, NpgsqlDbType.Bigint),
                Column(rows, static r => r.Row.Expiry, NpgsqlDbType.Bigint), Column(rows, static r => r.Row.A, NpgsqlDbType.Integer),
                Column(rows, static r => r.Row.B, NpgsqlDbType.Integer), Column(rows, static r => r.Row.Body, NpgsqlDbType.Bytea),
            },
        };
    }

    private static NpgsqlParameter Column<T>(List<(int Shard, OpRow Row)> rows, Func<(int Shard, OpRow Row), T> value, NpgsqlDbType type)
    {
        var values = new T[rows.Count];
        for (int i = 0; i < values.Length; i++)
            values[i] = value(rows[i]);
        return Parameters.Array(values, type);
    }
}
