using AgentFlow.Storage;
using AgentFlow.Store.Rows;
using AgentFlow.Store.Sealing;

namespace AgentFlow.Store.Sqlite;

/// <summary>Reads the verified history.</summary>
internal static class HistoryRows
{
    public static IReadOnlyList<HistoryRow> Read(ReadSession session, ThreadScope thread, long afterPosition, int maxCount)
    {
        var row = session.Prepare("SELECT pos, env, hash, status, body FROM history WHERE thread = ?1 AND pos > ?2 ORDER BY pos LIMIT ?3")
            .Bind(1, thread.Number).Bind(2, afterPosition).Bind(3, maxCount);
        var rows = new List<HistoryRow>();
        while (row.Step())
            rows.Add(Read(row, thread.Sealer));
        return rows;
    }

    public static HistoryRow? Find(ReadSession session, ThreadScope thread, Bytes32 envelope)
    {
        var row = session.Prepare("SELECT pos, env, hash, status, body FROM history WHERE thread = ?1 AND env = ?2 ORDER BY pos LIMIT 1")
            .Bind(1, thread.Number).Bind(2, envelope.Span);
        return row.Step() ? Read(row, thread.Sealer) : null;
    }

    public static HistoryRecord? FindOwn(ReadSession session, ThreadScope thread, Bytes32 envelope)
    {
        var row = session.Prepare("SELECT body FROM own WHERE thread = ?1 AND env = ?2").Bind(1, thread.Number).Bind(2, envelope.Span);
        return row.Step() ? HistoryRecordCodec.Open(thread.Sealer, RecordSlot.OwnRecord, envelope.Span, row.GetBlob(0)) : null;
    }

    /// <summary>Reads E and T, which are public, and so without the thread's key.</summary>
    public static IReadOnlyList<PositionHashes> ReadHashes(ReadSession session, AgentId agent, ThreadId thread, long fromPosition, int maxCount)
    {
        var row = session.Prepare("""
            SELECT h.pos, h.env, h.hash FROM history h JOIN thread t ON t.n = h.thread
            WHERE t.agent = ?1 AND t.thread = ?2 AND t.destroyed = 0 AND h.pos >= ?3 ORDER BY h.pos LIMIT ?4
            """).Bind(1, agent.Span).Bind(2, thread.Span).Bind(3, fromPosition).Bind(4, maxCount);
        var rows = new List<PositionHashes>();
        while (row.Step())
            rows.Add(new PositionHashes(row.GetInt64(0), row.GetHash(1), row.GetHash(2)));
        return rows;
    }

    private static HistoryRow Read(Statement row, RecordSealer sealer) => SealedRows.OpenHistory(
        sealer, row.GetInt64(0), row.GetHash(1), row.GetHash(2), (HistoryStatus)row.GetInt64(3), row.IsNull(4) ? default : row.GetBlob(4));
}
