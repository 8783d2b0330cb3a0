using AgentFlow.Hub.Checks;
using AgentFlow.Storage;

namespace AgentFlow.Hub.Sqlite;

/// <summary>The logs in a SQLite database that another process may have open.</summary>
internal sealed class SqliteLogSource(SqliteReader reader) : ILogSource
{
    public ValueTask<IReadOnlySet<ThreadId>> AckedBeyondAsync(CancellationToken cancellationToken) => reader.ReadAsync(0, ReadBeyond, cancellationToken);

    public ValueTask<IReadOnlyList<(ThreadId Thread, long Head)>> ThreadsAsync(ThreadId? after, int max, CancellationToken cancellationToken) =>
        reader.ReadAsync((after, max), ReadThreads, cancellationToken);

    public ValueTask<bool> RowsAsync(ThreadId thread, LogCheck check, long upTo, int max, CancellationToken cancellationToken) =>
        reader.ReadAsync((thread, check, upTo, max), ReadRows, cancellationToken);

    public ValueTask DisposeAsync() => reader.DisposeAsync();

    private static IReadOnlySet<ThreadId> ReadBeyond(ReadSession session, int none)
    {
        var threads = new HashSet<ThreadId>();
        var statement = session.Prepare("SELECT DISTINCT t.id FROM inbox i JOIN thread t ON t.n=i.thread WHERE i.acked_seq>t.head");
        while (statement.Step())
            threads.Add(new ThreadId(statement.GetBlob(0)));
        return threads;
    }

    private static IReadOnlyList<(ThreadId Thread, long Head)> ReadThreads(ReadSession session, (ThreadId? After, int Max) page)
    {
        var threads = new List<(ThreadId, long)>();
        var statement = session.Prepare("SELECT id,head FROM thread WHERE id>?1 ORDER BY id LIMIT ?2")
            .Bind(1, page.After is { } after ? after.Span : []).Bind(2, page.Max);
        while (statement.Step())
            threads.Add((new ThreadId(statement.GetBlob(0)), statement.GetInt64(1)));
        return threads;
    }

    private static bool ReadRows(ReadSession session, (ThreadId Thread, LogCheck Check, long UpTo, int Max) part)
    {
        var statement = session.Prepare("""
            SELECT seq,hash,chain,hidden,body FROM log WHERE thread=(SELECT n FROM thread WHERE id=?1) AND seq>?2 AND seq<=?3 ORDER BY seq LIMIT ?4
            """).Bind(1, part.Thread.Span).Bind(2, part.Check.Position).Bind(3, part.UpTo).Bind(4, part.Max);
        bool isAny = false;
        while (statement.Step())
        {
            isAny = true;
            part.Check.Add(statement.GetInt64(0), statement.GetBlob(1), statement.GetBlob(2), statement.GetInt64(3) != 0, statement.GetBlob(4));
        }

        return isAny;
    }
}
