using AgentFlow.Storage;
using AgentFlow.Store.Rows;
using AgentFlow.Store.Sealing;

namespace AgentFlow.Store.Sqlite;

/// <summary>Where a row operation writes.</summary>
internal readonly record struct RowWriteContext(WriteSession Session, long Thread, RecordSealer Sealer, AgentCommit Commit, long Now)
{
    public ThreadScope Scope => new(Thread, Commit.Agent, Commit.Thread, Sealer);

    /// <summary>Prepares a statement whose first parameter is the thread.</summary>
    public Statement Prepare(string sql) => Session.Prepare(sql).Bind(1, Thread);
}

/// <summary>Writes one operation; answers null, or what did not fit.</summary>
internal static class RowOperations
{
    public static AgentCommitResult? Apply(RowWriteContext rows, PreparedOperation prepared) => prepared.Operation switch
    {
        AgentOp.AddHistory history => HistoryOperations.Add(rows, history, prepared.Body),
        AgentOp.SetHistoryStatus status => HistoryOperations.SetStatus(rows, status),
        AgentOp.MarkHandled handled => MarkHandled(rows, handled),
        AgentOp.PutState state => PutState(rows, state, prepared),
        AgentOp.AddOutbox outbox => OutboxOperations.Add(rows, outbox, prepared),
        AgentOp.CompleteOutbox complete => OutboxOperations.Complete(rows, complete),
        AgentOp.DropOutbox drop => OutboxOperations.Drop(rows, drop),
        AgentOp.PutJournal => PutJournal(rows, prepared),
        AgentOp.PutApproval approval => ApprovalOperations.Put(rows, approval, prepared.Body),
        AgentOp.AddTimer timer => Done(rows.Prepare("""
            INSERT INTO timer(thread, kind, name, due, body) VALUES(?1, ?2, ?3, ?4, ?5)
            ON CONFLICT(thread, kind, name) DO UPDATE SET due = excluded.due, body = excluded.body
            """).Bind(2, timer.Kind).Bind(3, prepared.Name).Bind(4, timer.Due.ToUnixTimeMilliseconds()).Bind(5, prepared.Body)),
        AgentOp.RemoveTimer timer => Done(rows.Prepare("DELETE FROM timer WHERE thread = ?1 AND kind = ?2 AND name = ?3").Bind(2, timer.Kind).Bind(3, prepared.Name)),
        AgentOp.AddDeadLetter dead => Done(rows.Prepare("""
            INSERT INTO dead(thread, pos, frame, at, body) VALUES(?1, ?2, ?3, ?4, ?5)
            ON CONFLICT(thread, pos, frame) DO UPDATE SET at = excluded.at, body = excluded.body
            """).Bind(2, dead.Frame.Position).Bind(3, dead.Frame.Frame).Bind(4, rows.Now).Bind(5, prepared.Body)),
        AgentOp.RemoveDeadLetter dead =>
            Done(rows.Prepare("DELETE FROM dead WHERE thread = ?1 AND pos = ?2 AND frame = ?3").Bind(2, dead.Frame.Position).Bind(3, dead.Frame.Frame)),
        AgentOp.AddAudit audit =>
            Done(rows.Prepare("INSERT INTO audit(thread, at, kind, body) VALUES(?1, ?2, ?3, ?4)").Bind(2, rows.Now).Bind(3, audit.Kind).Bind(4, prepared.Body)),
        _ => throw new InvalidOperationException($"The SQLite store does not know the operation {prepared.Operation.GetType().Name}."),
    };

    private static AgentCommitResult? Done(Statement statement)
    {
        statement.Run();
        return null;
    }

    private static AgentCommitResult? MarkHandled(RowWriteContext rows, AgentOp.MarkHandled handled)
    {
        int inserted = rows.Prepare("INSERT OR IGNORE INTO handled(thread, pos, frame) VALUES(?1, ?2, ?3)").Bind(2, handled.Frame.Position).Bind(3, handled.Frame.Frame).Run();
        return inserted == 1 ? null : new AgentCommitResult { Status = AgentCommitStatus.AlreadyHandled };
    }

    private static AgentCommitResult? PutState(RowWriteContext rows, AgentOp.PutState state, PreparedOperation prepared)
    {
        var standing = rows.Prepare("SELECT version FROM state WHERE thread = ?1 AND name = ?2").Bind(2, prepared.Name);
        long version = standing.Step() ? standing.GetInt64(0) : 0;
        standing.Reset();
        if (version != state.ExpectVersion)
            return new AgentCommitResult { Status = AgentCommitStatus.StateConflict, Version = version };
        return Done(rows.Prepare("""
            INSERT INTO state(thread, name, shape, version, body) VALUES(?1, ?2, ?3, ?4, ?5)
            ON CONFLICT(thread, name) DO UPDATE SET shape = excluded.shape, version = excluded.version, body = excluded.body
            """).Bind(2, prepared.Name).Bind(3, state.SchemaVersion).Bind(4, version + 1).Bind(5, prepared.Body));
    }

    private static AgentCommitResult? PutJournal(RowWriteContext rows, PreparedOperation prepared)
    {
        var standing = rows.Prepare("SELECT body FROM journal WHERE thread = ?1 AND name = ?2").Bind(2, prepared.Name);
        if (standing.Step())
        {
            byte[] bytes = SealedRows.OpenJournal(rows.Sealer, prepared.Name, standing.GetBlob(0));
            return new AgentCommitResult { Status = AgentCommitStatus.JournalExists, Journal = bytes };
        }

        standing.Reset();
        return Done(rows.Prepare("INSERT INTO journal(thread, name, body) VALUES(?1, ?2, ?3)").Bind(2, prepared.Name).Bind(3, prepared.Body));
    }
}
