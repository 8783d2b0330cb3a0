using AgentFlow.Hub.PostgreSql.Connections;
using AgentFlow.Hub.Stores;
using AgentFlow.Protocol.Hub;
using AgentFlow.Storage.PostgreSql.Connections;

namespace AgentFlow.Hub.PostgreSql.Reads;

/// <summary>The reads of inboxes.</summary>
internal static class InboxQueries
{
    private const string Columns = "SELECT n,thread,head_seq,acked_seq,prio,touched FROM agentflow.inbox WHERE shard=$1 AND agent=$2";

    private const string Unread = Columns + """
         AND head_seq>acked_seq AND (prio<$5 OR (prio=$5 AND (touched>$6 OR (touched=$6 AND n>$3)))) ORDER BY prio DESC,touched,n LIMIT $4
        """;

    private const string Read = Columns + " AND head_seq<=acked_seq AND n>$3 ORDER BY n LIMIT $4";

    public static async ValueTask<InboxPage> PageAsync(
        Database database, AgentId agent, bool unreadOnly, InboxCursor cursor, int maxCount, CancellationToken cancellationToken)
    {
        var entries = new List<InboxEntry>();
        if (cursor.IsUnread)
        {
            var last = await AddAsync(database, agent, cursor, maxCount, entries, cancellationToken).ConfigureAwait(false);
            if (entries.Count == maxCount)
                return new InboxPage(entries, last.ToString());
            cursor = InboxCursor.StartOfRead;
        }

        if (unreadOnly)
            return new InboxPage(entries, null);
        var end = await AddAsync(database, agent, cursor, maxCount - entries.Count, entries, cancellationToken).ConfigureAwait(false);
        return new InboxPage(entries, entries.Count == maxCount ? end.ToString() : null);
    }

    public static ValueTask<InboxEntry?> OneAsync(Database database, AgentId agent, ThreadId thread, CancellationToken cancellationToken) =>
        database.QueryAsync(
        "SELECT head_seq,acked_seq FROM agentflow.inbox WHERE shard=$1 AND agent=$2 AND thread=$3",
        [Parameters.Shard(ShardKey.Of(agent).Number), Parameters.Of(agent.Value.ToArray()), Parameters.Of(thread.Value.ToArray())],
        async (r, t) => await r.ReadAsync(t).ConfigureAwait(false) ? new InboxEntry(thread, r.GetInt64(0), r.GetInt64(1)) : null,
        cancellationToken);

    private static ValueTask<InboxCursor> AddAsync(
        Database database, AgentId agent, InboxCursor cursor, int count, List<InboxEntry> entries, CancellationToken cancellationToken)
    {
        List<Npgsql.NpgsqlParameter> parameters =
            [Parameters.Shard(ShardKey.Of(agent).Number), Parameters.Of(agent.Value.ToArray()), Parameters.Of(cursor.Number), Parameters.Of(count)];
        if (cursor.IsUnread)
            parameters.AddRange([Parameters.Of(cursor.Priority), Parameters.Of(cursor.Touched)]);
        return database.QueryAsync(
            cursor.IsUnread ? Unread : Read,
            parameters,
            async (r, t) =>
            {
                var last = cursor;
                while (await r.ReadAsync(t).ConfigureAwait(false))
                {
                    entries.Add(new InboxEntry(new ThreadId(r.GetFieldValue<byte[]>(1)), r.GetInt64(2), r.GetInt64(3)));
                    last = last with { Number = r.GetInt64(0), Priority = r.GetInt16(4), Touched = r.GetInt64(5) };
                }

                return last;
            },
            cancellationToken);
    }
}
