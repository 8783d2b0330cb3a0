using AgentFlow.Storage;
using AgentFlow.Store.Rows;
using AgentFlow.Store.Sealing;

namespace AgentFlow.Store.Sqlite;

/// <summary>Reads rows of many threads at once: approvals, timers, dead letters.</summary>
internal sealed class CrossThreadRows(RecordSealer device)
{
    public IReadOnlyList<ApprovalRow> ListApprovals(ReadSession session, ApprovalQuery query)
    {
        // The literal lets SQLite take the partial index of pending ones; the subquery, the index by thread.
        string narrow = query is { Agent: not null, Thread: not null } ? "a.thread = (SELECT n FROM thread WHERE agent = ?1 AND thread = ?2) AND "
            : query.State == ApprovalState.Pending ? "a.state = 1 AND " : "";
        var row = session.Prepare($"""
            SELECT {ThreadScopeQueries.Columns}, a.env, a.state, a.body FROM approval a JOIN thread t ON t.n = a.thread JOIN vault v ON v.thread = t.n
            WHERE {narrow}(?1 IS NULL OR t.agent = ?1) AND (?2 IS NULL OR t.thread = ?2) AND (?3 IS NULL OR a.state = ?3) ORDER BY a.n LIMIT ?4
            """).BindBlob(1, query.Agent?.Value.ToArray()).BindBlob(2, query.Thread?.Value.ToArray()).Bind(3, (long?)query.State).Bind(4, query.MaxCount);
        using var scopes = new ThreadScopes(device);
        var rows = new List<ApprovalRow>();
        while (row.Step())
            rows.Add(ApprovalOperations.Read(row, 3, scopes.Of(row)));

        return rows;
    }

    public IReadOnlyList<TimerRow> ListDueTimers(ReadSession session, DateTimeOffset now, int maxCount)
    {
        var row = session.Prepare($"""
            SELECT {ThreadScopeQueries.Columns}, m.due, m.kind, m.name, m.body FROM timer m JOIN thread t ON t.n = m.thread JOIN vault v ON v.thread = t.n
            WHERE m.due <= ?1 ORDER BY m.due, m.n LIMIT ?2
            """).Bind(1, now.ToUnixTimeMilliseconds()).Bind(2, maxCount);
        using var scopes = new ThreadScopes(device);
        var rows = new List<TimerRow>();
        while (row.Step())
            rows.Add(SealedRows.OpenTimer(scopes.Of(row), row.GetTime(3), (int)row.GetInt64(4), row.GetBlob(5), row.GetBlob(6)));

        return rows;
    }

    public static DateTimeOffset? FindNextDue(ReadSession session)
    {
        var row = session.Prepare("SELECT due FROM timer ORDER BY due, n LIMIT 1");
        return row.Step() ? row.GetTime(0) : null;
    }

    public IReadOnlyList<DeadLetterRow> ListDeadLetters(ReadSession session, AgentId? agent, ThreadId? thread, int maxCount)
    {
        var row = session.Prepare($"""
            SELECT {ThreadScopeQueries.Columns}, d.pos, d.frame, d.at, d.body FROM dead d JOIN thread t ON t.n = d.thread JOIN vault v ON v.thread = t.n
            WHERE (?1 IS NULL OR t.agent = ?1) AND (?2 IS NULL OR t.thread = ?2) ORDER BY d.thread, d.pos, d.frame LIMIT ?3
            """).BindBlob(1, agent?.Value.ToArray()).BindBlob(2, thread?.Value.ToArray()).Bind(3, maxCount);
        using var scopes = new ThreadScopes(device);
        var rows = new List<DeadLetterRow>();
        while (row.Step())
        {
            var frame = new FramePosition(row.GetInt64(3), (int)row.GetInt64(4));
            rows.Add(SealedRows.OpenDeadLetter(scopes.Of(row), frame, row.GetTime(5), row.GetBlob(6)));
        }

        return rows;
    }
}
