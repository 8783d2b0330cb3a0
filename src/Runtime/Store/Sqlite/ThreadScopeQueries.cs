using AgentFlow.Storage;
using AgentFlow.Store.Rows;
using AgentFlow.Store.Sealing;

namespace AgentFlow.Store.Sqlite;

/// <summary>Finds threads with their keys.</summary>
internal static class ThreadScopeQueries
{
    /// <summary>The columns that every query over many threads begins with: see <see cref="Of"/>.</summary>
    public const string Columns = "t.agent, t.thread, v.body";

    /// <summary>Finds a thread, or null where there is none or its key is destroyed.</summary>
    public static ThreadScope? Find(ReadSession session, RecordSealer device, AgentId agent, ThreadId thread)
    {
        var row = session.Prepare("SELECT t.n, v.body FROM thread t JOIN vault v ON v.thread = t.n WHERE t.agent = ?1 AND t.thread = ?2").Bind(1, agent.Span).Bind(2, thread.Span);
        var scope = row.Step() ? new ThreadScope(row.GetInt64(0), agent, thread, ThreadScope.Unwrap(device, agent, thread, row.GetBlob(1))) : null;
        row.Reset();
        return scope;
    }

    /// <summary>The thread in the first three columns of a row.</summary>
    public static ThreadScope Of(this ThreadScopes scopes, Statement row) => scopes.Of(new AgentId(row.GetHash(0)), new ThreadId(row.GetHash(1)), row.GetBlob(2));
}
