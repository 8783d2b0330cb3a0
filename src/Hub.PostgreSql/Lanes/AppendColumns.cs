using AgentFlow.Hub.PostgreSql.Connections;
using AgentFlow.Hub.Stores;
using AgentFlow.Storage.PostgreSql.Connections;
using Npgsql;
using NpgsqlTypes;

namespace AgentFlow.Hub.PostgreSql.Lanes;

/// <summary>A run of commits of one append each, as the arguments of <c>agentflow.append</c>.</summary>
internal static class AppendColumns
{
    private const string Sql = "SELECT now,status,vals,current,repeated FROM agentflow.append($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12)";

    public static NpgsqlBatchCommand Command(ReadOnlySpan<PendingCommit> run, DatabaseClock clock)
    {
        int count = run.Length;
        short[] shards = new short[count];
        byte[][] threads = new byte[count][];
        var ids = new Guid[count];
        byte[][] hashes = new byte[count][];
        byte[][] chains = new byte[count][];
        long?[] expected = new long?[count];
        long?[] expiries = new long?[count];
        int[] heads = new int[count];
        int[] tails = new int[count];
        var bodies = new ReadOnlyMemory<byte>[count];
        for (int i = 0; i < count; i++)
        {
            var append = (StoreOp.Append)run[i].Commit.Ops[0];
            shards[i] = (short)run[i].Commit.Shard.Number;
            threads[i] = append.Thread.Value.ToArray();
            ids[i] = append.MessageId.Value;
            hashes[i] = append.BodyHash.ToArray();
            chains[i] = append.ThreadHash.ToArray();
            expected[i] = append.ExpectHead;
            expiries[i] = ExpiryOf(append);
            (heads[i], tails[i], bodies[i]) = (append.KeepHead, append.KeepTail, append.Body);
        }

        return new NpgsqlBatchCommand(Sql)
        {
            Parameters =
            {
                Parameters.Of(clock.Floor), Parameters.Of(clock.IsFixed), Parameters.Array(shards, NpgsqlDbType.Smallint),
                Parameters.Array(threads, NpgsqlDbType.Bytea), Parameters.Array(ids, NpgsqlDbType.Uuid), Parameters.Array(hashes, NpgsqlDbType.Bytea),
                Parameters.Array(chains, NpgsqlDbType.Bytea),
                Parameters.Array(expected, NpgsqlDbType.Bigint), Parameters.Array(expiries, NpgsqlDbType.Bigint), Parameters.Array(heads, NpgsqlDbType.Integer),
                Parameters.Array(tails, NpgsqlDbType.Integer), Parameters.Array(bodies, NpgsqlDbType.Bytea),
            },
        };
    }

    /// <summary>Null: never; -1: not even by a trim.</summary>
    public static long? ExpiryOf(StoreOp.Append append) => append.IsPinned ? -1 : append.ExpiresAt?.ToUnixTimeMilliseconds();
}
