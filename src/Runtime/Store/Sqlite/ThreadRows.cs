using AgentFlow.Storage;
using AgentFlow.Store.Rows;
using AgentFlow.Store.Sealing;

namespace AgentFlow.Store.Sqlite;

/// <summary>Reads the rows of threads.</summary>
internal sealed class ThreadRows(RecordSealer device)
{
    // Column 15 is the member state: lists leave it out, and SQLite then does not touch the pages it lies on.
    private const string Columns =
        "t.agent, t.thread, v.body, t.version, t.fence, t.received, t.pos, t.frame, t.outcome, t.blocked, t.started, t.updated, t.title, t.reason, t.parent";

    public ThreadRow? Find(ReadSession session, AgentId agent, ThreadId thread, bool withMember)
    {
        var row = session.Prepare($"SELECT {Columns}{(withMember ? ", t.member" : "")} FROM thread t LEFT JOIN vault v ON v.thread = t.n WHERE t.agent = ?1 AND t.thread = ?2")
            .Bind(1, agent.Span).Bind(2, thread.Span);
        return row.Step() ? Read(row, withMember) : null;
    }

    public IReadOnlyList<ThreadRow> List(ReadSession session, ThreadQuery query)
    {
        // Named only where it is asked for, so that SQLite can take the index by outcome.
        string outcome = query.Outcome is null ? "" : "t.outcome = ?2 AND ";
        var row = session.Prepare($"""
            SELECT {Columns} FROM thread t LEFT JOIN vault v ON v.thread = t.n
            WHERE {outcome}(?1 IS NULL OR t.agent = ?1) AND (?3 = 1 OR t.destroyed = 0)
              AND (?4 IS NULL OR (t.started, t.n) < (?4, (SELECT n FROM thread WHERE agent = ?5 AND thread = ?6)))
            ORDER BY t.started DESC, t.n DESC LIMIT ?7
            """).BindBlob(1, query.Agent?.Value.ToArray()).Bind(2, (long?)query.Outcome).Bind(3, query.IncludeDestroyed ? 1 : 0)
            .Bind(4, query.After?.StartedAt.ToUnixTimeMilliseconds()).BindBlob(5, query.After?.Agent.Value.ToArray()).BindBlob(6, query.After?.Thread.Value.ToArray()).Bind(7, query.MaxCount);
        var threads = new List<ThreadRow>();
        while (row.Step())
            threads.Add(Read(row, withMember: false));
        return threads;
    }

    public static IReadOnlyDictionary<ThreadOutcome, long> Count(ReadSession session, AgentId? agent)
    {
        var row = session.Prepare("SELECT outcome, count(*) FROM thread WHERE destroyed = 0 AND (?1 IS NULL OR agent = ?1) GROUP BY outcome").BindBlob(1, agent?.Value.ToArray());
        var counts = new Dictionary<ThreadOutcome, long>();
        while (row.Step())
            counts[(ThreadOutcome)row.GetInt64(0)] = row.GetInt64(1);
        return counts;
    }

    private ThreadRow Read(Statement row, bool withMember) => new SealedThread
    {
        Agent = new AgentId(row.GetHash(0)),
        Thread = new ThreadId(row.GetHash(1)),
        WrappedKey = row.GetBytes(2),
        Version = row.GetInt64(3),
        Fence = row.GetInt64(4),
        Received = row.GetInt64(5),
        Dispatched = new FramePosition(row.GetInt64(6), (int)row.GetInt64(7)),
        Outcome = (ThreadOutcome)row.GetInt64(8),
        BlockedUntil = row.IsNull(9) ? null : row.GetTime(9),
        StartedAt = row.GetTime(10),
        UpdatedAt = row.GetTime(11),
        Title = row.GetBytes(12),
        Reason = row.GetBytes(13),
        Parent = row.GetBytes(14),
        Member = withMember ? row.GetBytes(15) : null,
    }.Open(device);
}
