using AgentFlow.Hub.PostgreSql.Connections;
using AgentFlow.Hub.Stores;
using AgentFlow.Protocol.Hub;
using AgentFlow.Storage.PostgreSql.Connections;
using Npgsql;

namespace AgentFlow.Hub.PostgreSql.Reads;

/// <summary>The reads of threads and their logs.</summary>
internal static class ThreadQueries
{
    // One statement sees one state: the head and the rows belong together. The bytes are counted as stored, and the first row always fits.
    private const string PageSql = """
        SELECT t.first,t.head,p.seq,p.msg,p.is_hidden,p.body FROM agentflow.thread t LEFT JOIN LATERAL (
          SELECT c.seq,c.msg,h.is_hidden,CASE WHEN h.is_hidden AND NOT c.hidden THEN agentflow.cut(c.body,c.keep_head,c.keep_tail) ELSE c.body END AS body
          FROM (SELECT l.*,sum(octet_length(l.body)) OVER (ORDER BY l.seq) AS total,row_number() OVER (ORDER BY l.seq) AS i
                FROM (SELECT * FROM agentflow.log WHERE shard=$2 AND thread=$1 AND seq>$3 ORDER BY seq LIMIT $4) l) c,
            LATERAL (SELECT c.hidden OR (coalesce(c.exp,0)<>-1 AND (c.seq<t.first OR c.exp<=agentflow.now($6,$7))) IS TRUE AS is_hidden) h
          WHERE c.total<=$5 OR c.i=1) p ON true
        WHERE t.id=$1 ORDER BY p.seq
        """;

    public static ValueTask<ThreadPage> PageAsync(
        Database database, ThreadId thread, long after, int maxCount, int maxBytes, CancellationToken cancellationToken) =>
        database.QueryAsync(
            PageSql,
            [
                Key(thread), Shard(thread), Parameters.Of(Math.Max(0, after)), Parameters.Of(maxCount), Parameters.Of(maxBytes),
                Parameters.Of(database.Clock.Floor), Parameters.Of(database.Clock.IsFixed),
            ],
            ReadPageAsync,
            cancellationToken);

    public static ValueTask<ThreadInfo?> InfoAsync(Database database, ThreadId thread, CancellationToken cancellationToken) => database.QueryAsync(
        "SELECT kind,head,first,closed,members_ver FROM agentflow.thread WHERE id=$1",
        [Key(thread)],
        static async (r, t) => await r.ReadAsync(t).ConfigureAwait(false)
            ? new ThreadInfo((ThreadKind)r.GetInt16(0), r.GetInt64(1), r.GetInt64(2), r.GetBoolean(3), r.GetInt64(4))
            : null,
        cancellationToken);

    public static ValueTask<LogPosition?> FindAsync(Database database, ThreadId thread, MessageId messageId, CancellationToken cancellationToken) =>
        database.QueryAsync(
        "SELECT seq,hash FROM agentflow.log WHERE shard=$1 AND thread=$2 AND msg=$3",
        [Shard(thread), Key(thread), Parameters.Of(messageId.Value)],
        static async (r, t) => await r.ReadAsync(t).ConfigureAwait(false)
            ? (LogPosition?)new LogPosition(r.GetInt64(0), new Bytes32(r.GetFieldValue<byte[]>(1)))
            : null,
        cancellationToken);

    public static ValueTask<Bytes32?> ThreadHashAsync(Database database, ThreadId thread, long position, CancellationToken cancellationToken) =>
        database.QueryAsync(
        "SELECT chain FROM agentflow.log WHERE shard=$1 AND thread=$2 AND seq=$3",
        [Shard(thread), Key(thread), Parameters.Of(position)],
        static async (r, t) => await r.ReadAsync(t).ConfigureAwait(false) ? (Bytes32?)new Bytes32(r.GetFieldValue<byte[]>(0)) : null,
        cancellationToken);

    public static ValueTask<IReadOnlyList<Member>> MembersAsync(Database database, ThreadId thread, CancellationToken cancellationToken) => database.QueryAsync(
        "SELECT agent,role,from_seq FROM agentflow.member WHERE shard=$1 AND thread=$2", [Shard(thread), Key(thread)], ReadMembersAsync, cancellationToken);

    private static NpgsqlParameter Key(ThreadId thread) => Parameters.Of(thread.Value.ToArray());

    private static NpgsqlParameter Shard(ThreadId thread) => Parameters.Shard(ShardKey.Of(thread).Number);

    private static async Task<ThreadPage> ReadPageAsync(NpgsqlDataReader reader, CancellationToken cancellationToken)
    {
        var (first, head) = (0L, 0L);
        var envelopes = new List<StoredEnvelope>();
        bool exists = false;
        while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
        {
            exists = true;
            (first, head) = (reader.GetInt64(0), reader.GetInt64(1));
            if (!await reader.IsDBNullAsync(2, cancellationToken).ConfigureAwait(false))
                envelopes.Add(new StoredEnvelope(reader.GetInt64(2), new MessageId(reader.GetGuid(3)), reader.GetFieldValue<byte[]>(5), reader.GetBoolean(4)));
        }

        return new ThreadPage(exists ? HubStatus.Ok : HubStatus.NotFound, first, head, envelopes);
    }

    private static async Task<IReadOnlyList<Member>> ReadMembersAsync(NpgsqlDataReader reader, CancellationToken cancellationToken)
    {
        var members = new List<Member>();
        while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
            members.Add(new Member(new AgentId(reader.GetFieldValue<byte[]>(0)), reader.GetInt16(1), reader.GetInt64(2)));
        return members;
    }
}
