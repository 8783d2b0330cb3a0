using AgentFlow.Hub.Stores;
using AgentFlow.Protocol.Hub;
using AgentFlow.Storage;

namespace AgentFlow.Hub.Sqlite;

/// <summary>The reads of inboxes.</summary>
internal static class InboxReads
{
    private const string Unread = """
        SELECT i.thread,t.id,i.head_seq,i.acked_seq,i.prio,i.touched FROM inbox i JOIN thread t ON t.n=i.thread
        WHERE i.agent=?1 AND i.head_seq>i.acked_seq
          AND (i.prio<?2 OR (i.prio=?2 AND (i.touched>?3 OR (i.touched=?3 AND i.thread>?4))))
        ORDER BY i.prio DESC,i.touched,i.thread LIMIT ?5
        """;

    private const string Read = """
        SELECT i.thread,t.id,i.head_seq,i.acked_seq,i.prio,i.touched FROM inbox i JOIN thread t ON t.n=i.thread
        WHERE i.agent=?1 AND i.head_seq<=i.acked_seq AND i.thread>?4 ORDER BY i.thread LIMIT ?5
        """;

    public static InboxPage Page(ReadSession session, AgentId agent, bool unreadOnly, InboxCursor cursor, int maxCount)
    {
        var entries = new List<InboxEntry>();
        if (cursor.IsUnread)
        {
            var last = Add(session.Prepare(Unread), agent, cursor, maxCount, entries);
            if (entries.Count == maxCount)
                return new InboxPage(entries, last.ToString());
            cursor = InboxCursor.StartOfRead;
        }

        if (unreadOnly)
            return new InboxPage(entries, null);
        var end = Add(session.Prepare(Read), agent, cursor, maxCount - entries.Count, entries);
        return new InboxPage(entries, entries.Count == maxCount ? end.ToString() : null);
    }

    public static InboxEntry? One(ReadSession session, AgentId agent, ThreadId thread)
    {
        var statement = session.Prepare("SELECT head_seq,acked_seq FROM inbox WHERE agent=?1 AND thread=(SELECT n FROM thread WHERE id=?2)")
            .Bind(1, agent.Span).Bind(2, thread.Span);
        return statement.Step() ? new InboxEntry(thread, statement.GetInt64(0), statement.GetInt64(1)) : null;
    }

    private static InboxCursor Add(Statement statement, AgentId agent, InboxCursor cursor, int count, List<InboxEntry> entries)
    {
        statement.Bind(1, agent.Span).Bind(4, cursor.Number).Bind(5, count);
        if (cursor.IsUnread)
            statement.Bind(2, cursor.Priority).Bind(3, cursor.Touched);
        while (statement.Step())
        {
            entries.Add(new InboxEntry(new ThreadId(statement.GetBlob(1)), statement.GetInt64(2), statement.GetInt64(3)));
            cursor = cursor with { Number = statement.GetInt64(0), Priority = statement.GetInt64(4), Touched = statement.GetInt64(5) };
        }

        statement.Reset();
        return cursor;
    }
}
