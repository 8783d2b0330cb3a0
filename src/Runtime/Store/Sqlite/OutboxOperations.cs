using AgentFlow.Store.Rows;

namespace AgentFlow.Store.Sqlite;

/// <summary>Writes the outbox.</summary>
internal static class OutboxOperations
{
    public static AgentCommitResult? Add(RowWriteContext rows, AgentOp.AddOutbox outbox, PreparedOperation prepared)
    {
        int inserted = rows.Prepare("INSERT OR IGNORE INTO outbox(thread, msg, env, genesis, body) VALUES(?1, ?2, ?3, ?4, ?5)")
            .Bind(2, prepared.Name).Bind(3, outbox.Envelope.Span).Bind(4, outbox.IsGenesis ? 1 : 0).Bind(5, prepared.Body).Run();
        if (inserted == 0)
            return new AgentCommitResult { Status = AgentCommitStatus.OutboxExists };
        if (prepared.OtherBody is { } record)
            rows.Prepare("INSERT OR REPLACE INTO own(thread, env, body) VALUES(?1, ?2, ?3)").Bind(2, outbox.Envelope.Span).Bind(3, record).Run();
        return null;
    }

    public static AgentCommitResult? Complete(RowWriteContext rows, AgentOp.CompleteOutbox complete)
    {
        rows.Prepare("DELETE FROM outbox WHERE thread = ?1 AND msg = ?2").Bind(2, RowKeys.Of(complete.MessageId)).Run();
        return null;
    }

    public static AgentCommitResult? Drop(RowWriteContext rows, AgentOp.DropOutbox drop)
    {
        byte[] id = RowKeys.Of(drop.MessageId);
        rows.Prepare("DELETE FROM own WHERE thread = ?1 AND env IN (SELECT env FROM outbox WHERE thread = ?1 AND msg = ?2)").Bind(2, id).Run();
        rows.Prepare("DELETE FROM outbox WHERE thread = ?1 AND msg = ?2").Bind(2, id).Run();
        return null;
    }
}
