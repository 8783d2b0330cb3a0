using AgentFlow.Storage;
using AgentFlow.Store.Sealing;

namespace AgentFlow.Store.Sqlite;

/// <summary>A thread's row number and its sealer, for one piece of reading or preparing.</summary>
internal sealed class ThreadScope(long number, AgentId agent, ThreadId thread, RecordSealer sealer) : IDisposable
{
    public long Number { get; } = number;

    public AgentId Agent { get; } = agent;

    public ThreadId Thread { get; } = thread;

    public RecordSealer Sealer { get; } = sealer;

    /// <summary>Finds a thread, or null where there is none or its key is destroyed.</summary>
    public static ThreadScope? Find(ReadSession session, RecordSealer device, AgentId agent, ThreadId thread)
    {
        var row = session.Prepare("SELECT t.n, v.body FROM thread t JOIN vault v ON v.thread = t.n WHERE t.agent = ?1 AND t.thread = ?2").Bind(1, agent.Span).Bind(2, thread.Span);
        var scope = row.Step() ? new ThreadScope(row.GetInt64(0), agent, thread, Unwrap(device, agent, thread, row.GetBlob(1))) : null;
        row.Reset();
        return scope;
    }

    /// <summary>Opens a wrapped storage key.</summary>
    /// <exception cref="AgentStoreException">It does not open.</exception>
    public static RecordSealer Unwrap(RecordSealer device, AgentId agent, ThreadId thread, ReadOnlySpan<byte> wrapped) =>
        device.Unwrap(agent, thread, wrapped) ?? throw AgentStoreException.Damaged("storage key");

    public void Dispose() => Sealer.Dispose();
}

/// <summary>The sealers of the threads that one query over many threads meets. The query gives agent, thread and wrapped key in its first three columns.</summary>
internal sealed class ThreadScopes(RecordSealer device) : IDisposable
{
    private readonly Dictionary<(AgentId, ThreadId), ThreadScope> _scopes = [];

    /// <summary>The columns that every such query begins with.</summary>
    public const string Columns = "t.agent, t.thread, v.body";

    public ThreadScope Of(Statement row)
    {
        var agent = new AgentId(row.GetHash(0));
        var thread = new ThreadId(row.GetHash(1));
        if (!_scopes.TryGetValue((agent, thread), out var scope))
            _scopes[(agent, thread)] = scope = new ThreadScope(0, agent, thread, ThreadScope.Unwrap(device, agent, thread, row.GetBlob(2)));
        return scope;
    }

    public void Dispose()
    {
        foreach (var scope in _scopes.Values)
            scope.Dispose();
    }
}
