using AgentFlow.Hub.Stores;
using AgentFlow.Storage;

namespace AgentFlow.Hub.Sqlite;

/// <summary>A row of the table of threads.</summary>
/// <remarks>The number is the small alias that the other tables use; the retention is the time after which bodies are hidden, or null.</remarks>
internal readonly record struct ThreadRow(
    long Number, ThreadKind Kind, long Head, long First, long MembersVersion, long? RetentionMilliseconds, bool IsClosed)
{
    public static bool TryRead(ReadSession session, ThreadId thread, out ThreadRow row)
    {
        var statement = session.Prepare("SELECT n,kind,head,first,members_ver,retain_ms,closed FROM thread WHERE id=?1").Bind(1, thread.Span);
        row = default;
        if (!statement.Step())
            return false;
        row = new ThreadRow(
            statement.GetInt64(0), (ThreadKind)statement.GetInt64(1), statement.GetInt64(2), statement.GetInt64(3), statement.GetInt64(4),
            statement.GetNullableInt64(5), statement.GetInt64(6) != 0);
        statement.Reset();
        return true;
    }
}
