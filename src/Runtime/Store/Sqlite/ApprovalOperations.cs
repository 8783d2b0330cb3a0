using AgentFlow.Storage;
using AgentFlow.Store.Rows;

namespace AgentFlow.Store.Sqlite;

/// <summary>Writes approvals: the one compare-and-set that decides.</summary>
internal static class ApprovalOperations
{
    public static AgentCommitResult? Put(RowWriteContext rows, AgentOp.PutApproval approval, byte[]? body)
    {
        if (Find(rows, approval.RequestEnvelope) is { } standing ? standing.State != approval.Expect : approval.Expect != ApprovalState.None)
            return new AgentCommitResult { Status = AgentCommitStatus.ApprovalConflict, Approval = Find(rows, approval.RequestEnvelope) };
        rows.Prepare("INSERT INTO approval(thread, env, state, body) VALUES(?1, ?2, ?3, ?4) ON CONFLICT(thread, env) DO UPDATE SET state = excluded.state, body = excluded.body")
            .Bind(2, approval.RequestEnvelope.Span).Bind(3, (int)approval.State).Bind(4, body).Run();
        return null;
    }

    /// <summary>Opens the approval in the columns env, state and body from <paramref name="column"/> on.</summary>
    public static ApprovalRow Read(Statement row, int column, ThreadScope thread) =>
        SealedRows.OpenApproval(thread, row.GetHash(column), (ApprovalState)row.GetInt64(column + 1), row.GetBlob(column + 2));

    private static ApprovalRow? Find(RowWriteContext rows, Bytes32 request)
    {
        var row = rows.Prepare("SELECT env, state, body FROM approval WHERE thread = ?1 AND env = ?2").Bind(2, request.Span);
        var found = row.Step() ? Read(row, 0, rows.Scope) : null;
        row.Reset();
        return found;
    }
}
