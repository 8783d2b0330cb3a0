using AgentFlow.Store.Rows;
using AgentFlow.Store.Sealing;

namespace AgentFlow.Store.Sqlite;

/// <summary>Writes the verified history.</summary>
internal static class HistoryOperations
{
    public static AgentCommitResult? Add(RowWriteContext rows, AgentOp.AddHistory history, byte[]? body)
    {
        if (history.Status == HistoryStatus.Own)
            body = TakeOwnRecord(rows, history) is { } own && body is null ? own : body;
        int inserted = rows.Prepare("INSERT OR IGNORE INTO history(thread, pos, env, hash, status, body) VALUES(?1, ?2, ?3, ?4, ?5, ?6)")
            .Bind(2, history.Position).Bind(3, history.Envelope.Span).Bind(4, history.ThreadHash.Span).Bind(5, (int)history.Status).BindBlob(6, body).Run();
        return inserted == 1 ? null : new AgentCommitResult { Status = AgentCommitStatus.HistoryExists };
    }

    public static AgentCommitResult? SetStatus(RowWriteContext rows, AgentOp.SetHistoryStatus status)
    {
        int changed = rows.Prepare("UPDATE history SET status = ?3 WHERE thread = ?1 AND pos = ?2").Bind(2, status.Position).Bind(3, (int)status.Status).Run();
        return changed == 1 ? null : new AgentCommitResult { Status = AgentCommitStatus.NotFound };
    }

    /// <summary>Takes the record that waited for its position, sealed again for it, or null where none waits.</summary>
    private static byte[]? TakeOwnRecord(RowWriteContext rows, AgentOp.AddHistory history)
    {
        var envelope = history.Envelope;
        var row = rows.Prepare("SELECT body FROM own WHERE thread = ?1 AND env = ?2").Bind(2, envelope.Span);
        if (!row.Step())
        {
            row.Reset();
            return null;
        }

        var record = HistoryRecordCodec.Open(rows.Sealer, RecordSlot.OwnRecord, envelope.Span, row.GetBlob(0));
        row.Reset();
        rows.Prepare("DELETE FROM own WHERE thread = ?1 AND env = ?2").Bind(2, envelope.Span).Run();
        return HistoryRecordCodec.Seal(rows.Sealer, RecordSlot.History(history.Position), default, record);
    }
}
