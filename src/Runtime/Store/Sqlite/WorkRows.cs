using System.Text;
using AgentFlow.Storage;
using AgentFlow.Store.Rows;
using AgentFlow.Store.Sealing;

namespace AgentFlow.Store.Sqlite;

/// <summary>Reads what one thread holds beside its history: outbox, journal, states, approvals, audit.</summary>
internal static class WorkRows
{
    public static bool IsHandled(ReadSession session, AgentId agent, ThreadId thread, FramePosition frame)
    {
        var row = session.Prepare("SELECT 1 FROM handled h JOIN thread t ON t.n = h.thread WHERE t.agent = ?1 AND t.thread = ?2 AND h.pos = ?3 AND h.frame = ?4")
            .Bind(1, agent.Span).Bind(2, thread.Span).Bind(3, frame.Position).Bind(4, frame.Frame);
        return row.Step();
    }

    public static IReadOnlyList<(AgentId Agent, ThreadId Thread)> ListOutboxThreads(ReadSession session)
    {
        var row = session.Prepare("SELECT agent, thread FROM thread WHERE n IN (SELECT DISTINCT thread FROM outbox) ORDER BY n");
        var threads = new List<(AgentId, ThreadId)>();
        while (row.Step())
            threads.Add((new AgentId(row.GetHash(0)), new ThreadId(row.GetHash(1))));
        return threads;
    }

    public static IReadOnlyList<OutboxRow> ReadOutbox(ReadSession session, ThreadScope thread, int maxCount)
    {
        var row = session.Prepare("SELECT msg, env, genesis, body FROM outbox WHERE thread = ?1 ORDER BY n LIMIT ?2").Bind(1, thread.Number).Bind(2, maxCount);
        var rows = new List<OutboxRow>();
        while (row.Step())
            rows.Add(SealedRows.OpenOutbox(thread.Sealer, row.GetBlob(0), row.GetHash(1), row.GetInt64(2) != 0, row.GetBlob(3)));
        return rows;
    }

    public static byte[]? FindJournal(ReadSession session, ThreadScope thread, ReadOnlySpan<byte> key)
    {
        byte[] name = thread.Sealer.HashName(RecordSlot.Journal, key);
        var row = session.Prepare("SELECT body FROM journal WHERE thread = ?1 AND name = ?2").Bind(1, thread.Number).Bind(2, name);
        return row.Step() ? SealedRows.OpenJournal(thread.Sealer, name, row.GetBlob(0)) : null;
    }

    public static StateRow? FindState(ReadSession session, ThreadScope thread, string stateName)
    {
        byte[] name = thread.Sealer.HashName(RecordSlot.State, Encoding.UTF8.GetBytes(stateName));
        var row = session.Prepare("SELECT shape, version, body FROM state WHERE thread = ?1 AND name = ?2").Bind(1, thread.Number).Bind(2, name);
        return row.Step() ? SealedRows.OpenState(thread.Sealer, name, (int)row.GetInt64(0), row.GetInt64(1), row.GetBlob(2)) : null;
    }

    public static ApprovalRow? FindApproval(ReadSession session, ThreadScope thread, Bytes32 request)
    {
        var row = session.Prepare("SELECT env, state, body FROM approval WHERE thread = ?1 AND env = ?2").Bind(1, thread.Number).Bind(2, request.Span);
        return row.Step() ? ApprovalOperations.Read(row, 0, thread) : null;
    }

    public static TimerRow? FindTimer(ReadSession session, ThreadScope thread, int kind, ReadOnlySpan<byte> key)
    {
        byte[] name = thread.Sealer.HashName(RecordSlot.Timer, key);
        var row = session.Prepare("SELECT due, body FROM timer WHERE thread = ?1 AND kind = ?2 AND name = ?3").Bind(1, thread.Number).Bind(2, kind).Bind(3, name);
        return row.Step() ? SealedRows.OpenTimer(thread, row.GetTime(0), kind, name, row.GetBlob(1)) : null;
    }

    public static IReadOnlyList<AuditRow> ReadAudit(ReadSession session, ThreadScope thread, long afterNumber, int maxCount)
    {
        var row = session.Prepare("SELECT n, at, kind, body FROM audit WHERE thread = ?1 AND n > ?2 ORDER BY n LIMIT ?3")
            .Bind(1, thread.Number).Bind(2, afterNumber).Bind(3, maxCount);
        var rows = new List<AuditRow>();
        while (row.Step())
            rows.Add(SealedRows.OpenAudit(thread.Sealer, row.GetInt64(0), row.GetTime(1), (int)row.GetInt64(2), row.GetBlob(3)));
        return rows;
    }
}
