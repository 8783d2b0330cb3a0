using AgentFlow.Hub.PostgreSql.Connections;
using AgentFlow.Hub.Stores;
using AgentFlow.Protocol.Hub;
using AgentFlow.Storage.PostgreSql.Connections;

namespace AgentFlow.Hub.PostgreSql.Reads;

/// <summary>State items, and blobs by their id: equal ids are equal bytes, so the first one stays.</summary>
internal static class ItemQueries
{
    public static ValueTask<StateItem?> GetAsync(Database database, StateKey key, CancellationToken cancellationToken) => database.QueryAsync(
        "SELECT ver,exp,v FROM agentflow.state WHERE shard=$1 AND kind=$2 AND key=$3 AND v IS NOT NULL AND (exp IS NULL OR exp>agentflow.now($4,$5))",
        [
            Parameters.Shard(ShardKey.Of(key.Key.Span).Number), Parameters.Shard((short)key.Kind), Parameters.Of(key.Key), Parameters.Of(database.Clock.Floor),
            Parameters.Of(database.Clock.IsFixed),
        ],
        static async (r, t) => await r.ReadAsync(t).ConfigureAwait(false)
            ? new StateItem(r.GetFieldValue<byte[]>(2), r.GetInt64(0), r.IsDBNull(1) ? null : StoreClock.ToTime(r.GetInt64(1)))
            : null,
        cancellationToken);

    public static ValueTask<HubStatus> PutBlobAsync(Database database, Bytes32 id, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken) =>
        database.QueryAsync(
        "INSERT INTO agentflow.blob(shard,id,at,v) VALUES($1,$2,agentflow.now($3,$4),$5) ON CONFLICT DO NOTHING",
        [
            Parameters.Shard(ShardKey.Of(id.Span).Number), Parameters.Of(id.ToArray()), Parameters.Of(database.Clock.Floor),
            Parameters.Of(database.Clock.IsFixed), Parameters.Of(bytes),
        ],
        static (_, _) => Task.FromResult(HubStatus.Ok),
        cancellationToken);

    public static ValueTask<ReadOnlyMemory<byte>?> GetBlobAsync(Database database, Bytes32 id, CancellationToken cancellationToken) => database.QueryAsync(
        "SELECT v FROM agentflow.blob WHERE shard=$1 AND id=$2",
        [Parameters.Shard(ShardKey.Of(id.Span).Number), Parameters.Of(id.ToArray())],
        static async (r, t) => await r.ReadAsync(t).ConfigureAwait(false) ? (ReadOnlyMemory<byte>?)r.GetFieldValue<byte[]>(0) : null,
        cancellationToken);
}
