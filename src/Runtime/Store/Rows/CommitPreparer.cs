using System.Text;
using AgentFlow.Store.Sealing;

namespace AgentFlow.Store.Rows;

/// <summary>Checks a commit for misuse and seals what it stores.</summary>
internal sealed class CommitPreparer(RecordSealer device)
{
    private const byte Layout = 1;

    /// <summary>Refuses commits that are misused; the message names the rule.</summary>
    public static void Validate(IReadOnlyList<AgentCommit> commits)
    {
        ArgumentNullException.ThrowIfNull(commits);
        if (commits.Count == 0)
            throw new ArgumentException("Pass one commit at least.", nameof(commits));
        for (int i = 0; i < commits.Count; i++)
        {
            Validate(commits[i]);
            for (int j = 0; j < i; j++)
            {
                if (commits[i].Thread == commits[j].Thread && commits[i].Agent == commits[j].Agent)
                    throw new ArgumentException("Two commits of one call touch the same thread of the same agent. Put their operations into one.", nameof(commits));
            }
        }
    }

    /// <summary>Seals a commit's content under the thread's key.</summary>
    public PreparedCommit Prepare(AgentCommit commit, RecordSealer sealer)
    {
        var prepared = new PreparedCommit { Commit = commit, Sealer = sealer };
        for (int i = 0; i < commit.Operations.Count; i++)
        {
            if (Prepare(prepared, commit.Operations[i]) is not { } operation)
                continue;
            prepared.Operations.Add((i, operation));
            prepared.Bytes += (operation.Body?.Length ?? 0) + (operation.OtherBody?.Length ?? 0) + 64;
        }

        prepared.Bytes += 128 + (prepared.Thread.Member?.Length ?? 0);
        return prepared;
    }

    /// <summary>Seals one operation; null where it is folded into the thread's row.</summary>
    private PreparedOperation? Prepare(PreparedCommit prepared, AgentOp operation)
    {
        var sealer = prepared.Sealer;
        var thread = prepared.Thread;
        switch (operation)
        {
            case AgentOp.CreateThread create:
                byte[] key = device.Wrap(prepared.Commit.Agent, prepared.Commit.Thread, sealer);
                byte[]? parent = create.Parent is { } id ? sealer.Seal(RecordSlot.Parent, default, id.Span) : null;
                prepared.Creates = new NewThread(key, create.StartedAt, SealText(sealer, RecordSlot.Title, create.Title), parent);
                return null;
            case AgentOp.SaveMember save:
                thread.Member = sealer.Seal(RecordSlot.Member, default, save.State.Span);
                thread.Received = save.Received;
                return null;
            case AgentOp.SetDispatched dispatched:
                thread.Dispatched = dispatched.Frame;
                return null;
            case AgentOp.SetOutcome outcome:
                thread.Outcome = outcome.Outcome;
                thread.Reason = SealText(sealer, RecordSlot.Reason, outcome.Reason);
                return null;
            case AgentOp.SetBlocked blocked:
                (thread.SetsBlocked, thread.BlockedUntil) = (true, blocked.Until);
                return null;
            case AgentOp.SetTitle title:
                (thread.SetsTitle, thread.Title) = (true, SealText(sealer, RecordSlot.Title, title.Title));
                return null;
            default:
                return PrepareRow(sealer, operation);
        }
    }

    private static PreparedOperation PrepareRow(RecordSealer sealer, AgentOp operation)
    {
        switch (operation)
        {
            case AgentOp.AddHistory { Record: { } record } history:
                return new(operation, HistoryRecordCodec.Seal(sealer, RecordSlot.History(history.Position), default, record));
            case AgentOp.PutState state:
                byte[] stateName = sealer.HashName(RecordSlot.State, Encoding.UTF8.GetBytes(state.Name));
                return new(operation, sealer.Seal(RecordSlot.State, stateName, state.Bytes.Span), stateName);
            case AgentOp.AddOutbox outbox:
                byte[] messageId = RowKeys.Of(outbox.MessageId);
                byte[]? own = outbox.Record is { } r ? HistoryRecordCodec.Seal(sealer, RecordSlot.OwnRecord, outbox.Envelope.Span, r) : null;
                return new(operation, sealer.Seal(RecordSlot.Outbox, messageId, outbox.Bytes.Span), messageId, own);
            case AgentOp.PutJournal journal:
                byte[] step = sealer.HashName(RecordSlot.Journal, journal.Key.Span);
                return new(operation, sealer.Seal(RecordSlot.Journal, step, journal.Bytes.Span), step);
            case AgentOp.PutApproval approval:
                return new(operation, sealer.Seal(RecordSlot.Approval, RowKeys.Of(approval.RequestEnvelope, approval.State), approval.Bytes.Span));
            case AgentOp.AddTimer timer:
                byte[] timerName = sealer.HashName(RecordSlot.Timer, timer.Key.Span);
                return new(operation, SealPair(sealer, RecordSlot.Timer, RowKeys.Of(timer.Kind, timerName), timer.Key.Span, timer.Payload.Span), timerName);
            case AgentOp.RemoveTimer remove:
                return new(operation, Name: sealer.HashName(RecordSlot.Timer, remove.Key.Span));
            case AgentOp.AddDeadLetter dead:
                byte[] cause = Encoding.UTF8.GetBytes(dead.Cause);
                return new(operation, SealPair(sealer, RecordSlot.DeadLetter, RowKeys.Of(dead.Frame), cause, dead.Bytes.Span));
            case AgentOp.AddAudit audit:
                return new(operation, sealer.Seal(RecordSlot.Audit, RowKeys.Of(audit.Kind, default), audit.Bytes.Span));
            default:
                return new(operation);
        }
    }

    private static void Validate(AgentCommit commit)
    {
        if (commit.ExpectVersion == 0 && commit.Operations is not [AgentOp.CreateThread, ..])
            throw new ArgumentException("A commit that expects version 0 makes a thread: its first operation is CreateThread.");
        for (int i = 0; i < commit.Operations.Count; i++)
        {
            var operation = commit.Operations[i];
            if (operation is AgentOp.CreateThread && (i > 0 || commit.ExpectVersion != 0))
                throw new ArgumentException("CreateThread is the first operation of a commit that expects version 0, and only of that.");
            if (operation.NeedsVersion && commit.ExpectVersion is null)
                throw new ArgumentException($"{operation.GetType().Name} belongs to the thread's own processing. Set ExpectVersion to the version that was loaded.");
            if (operation is AgentOp.PutApproval approval && !IsLegal(approval))
                throw new ArgumentException($"An approval does not go from {approval.Expect} to {approval.State}: a decision is made once and never taken back.");
        }
    }

    private static bool IsLegal(AgentOp.PutApproval approval) => (approval.Expect, approval.State) is
        (ApprovalState.None, ApprovalState.Pending) or (ApprovalState.None, ApprovalState.Decided) or (ApprovalState.Pending, ApprovalState.Pending)
        or (ApprovalState.Pending, ApprovalState.Decided) or (ApprovalState.Decided, ApprovalState.Finished);

    private static byte[]? SealText(RecordSealer sealer, ulong slot, string? text) => text is null ? null : sealer.Seal(slot, default, Encoding.UTF8.GetBytes(text));

    private static byte[] SealPair(RecordSealer sealer, ulong slot, ReadOnlySpan<byte> rowKey, ReadOnlySpan<byte> first, ReadOnlySpan<byte> second)
    {
        using var writer = new RowWriter(Layout);
        writer.Bytes(first);
        writer.Bytes(second);
        return sealer.Seal(slot, rowKey, writer.Written);
    }
}
