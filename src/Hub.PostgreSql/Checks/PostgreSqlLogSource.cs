using AgentFlow.Hub.Checks;
using AgentFlow.Hub.PostgreSql.Connections;
using AgentFlow.Hub.Stores;
using AgentFlow.Storage.PostgreSql.Connections;
using Npgsql;

namespace AgentFlow.Hub.PostgreSql.Checks;

/// <summary>The logs in a PostgreSQL database that hubs may use.</summary>
internal sealed class PostgreSqlLogSource(Database database) : ILogSource
{
    private const string Beyond = "SELECT DISTINCT t.id FROM agentflow.inbox i JOIN agentflow.thread t ON t.id=i.thread WHERE i.acked_seq>t.head";

    private const string Rows =
        "SELECT seq,hash,chain,hidden,body FROM agentflow.log WHERE shard=$1 AND thread=$2 AND seq>$3 AND seq<=$4 ORDER BY seq LIMIT $5";

    public ValueTask<IReadOnlySet<ThreadId>> AckedBeyondAsync(CancellationToken cancellationToken) =>
        database.QueryAsync(Beyond, [], ReadBeyondAsync, cancellationToken);

    public ValueTask<IReadOnlyList<(ThreadId Thread, long Head)>> ThreadsAsync(ThreadId? after, int max, CancellationToken cancellationToken) =>
        database.QueryAsync(
        "SELECT id,head FROM agentflow.thread WHERE id>$1 ORDER BY id LIMIT $2",
        [Parameters.Of(after?.Value.ToArray() ?? []), Parameters.Of(max)],
        ReadThreadsAsync,
        cancellationToken);

    public ValueTask<bool> RowsAsync(ThreadId thread, LogCheck check, long upTo, int max, CancellationToken cancellationToken) => database.QueryAsync(
        Rows,
        [
            Parameters.Shard(ShardKey.Of(thread).Number), Parameters.Of(thread.Value.ToArray()), Parameters.Of(check.Position), Parameters.Of(upTo),
            Parameters.Of(max),
        ],
        (reader, token) => FeedAsync(reader, check, token),
        cancellationToken);

    public ValueTask DisposeAsync() => database.DisposeAsync();

    private static async Task<IReadOnlySet<ThreadId>> ReadBeyondAsync(NpgsqlDataReader reader, CancellationToken cancellationToken)
    {
        var threads = new HashSet<ThreadId>();
        while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
            threads.Add(new ThreadId(reader.GetFieldValue<byte[]>(0)));
        return threads;
    }

    private static async Task<IReadOnlyList<(ThreadId Thread, long Head)>> ReadThreadsAsync(NpgsqlDataReader reader, CancellationToken cancellationToken)
    {
        var threads = new List<(ThreadId, long)>();
        while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
            threads.Add((new ThreadId(reader.GetFieldValue<byte[]>(0)), reader.GetInt64(1)));
        return threads;
    }

    private static async Task<bool> FeedAsync(NpgsqlDataReader reader, LogCheck check, CancellationToken cancellationToken)
    {
        long start = check.Position;
        while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
        {
            // A query that is repeated on a new connection yields the same rows again.
            if (reader.GetInt64(0) > check.Position)
                check.Add(reader.GetInt64(0), Bytes(reader, 1), Bytes(reader, 2), reader.GetBoolean(3), Bytes(reader, 4));
        }

        return check.Position > start;
    }

    private static byte[] Bytes(NpgsqlDataReader reader, int column) => reader.GetFieldValue<byte[]>(column);
}
