using AgentFlow.Hub.Stores;
using AgentFlow.Protocol.Hub;
using AgentFlow.Storage;

namespace AgentFlow.Hub.Sqlite;

/// <summary>Applies one commit inside the writer's savepoint: all of it, or nothing.</summary>
internal sealed class CommitApplier(StoreClock clock, FanOutLease fanOut)
{
    private long _clockSaved;

    public StoreResult Apply(WriteSession session, StoreCommit commit)
    {
        if (commit.Fence is { } fence && !IsHeld(session, fence))
            return StoreResult.Failed(HubStatus.Fenced);
        long now = clock.Now();
        long[] values = new long[commit.Ops.Count];
        for (int i = 0; i < values.Length; i++)
        {
            var result = Apply(session, commit.Ops[i], now);
            if (result.IsRepetition && i == 0)
                return new StoreResult(HubStatus.Ok, [result.Value], IsRepetition: true);
            if (result.IsRepetition)
                result = OpResult.Failed(HubStatus.Conflict, result.Value);
            if (!result.IsOk)
            {
                session.Undo();
                return StoreResult.Failed(result.Status, result.Value);
            }

            values[i] = result.Value;
        }

        SaveClock(session, now);
        return new StoreResult(HubStatus.Ok, values);
    }

    private OpResult Apply(WriteSession session, StoreOp op, long now) => op switch
    {
        StoreOp.Append append => LogOps.Append(session, append, now),
        StoreOp.NoteInbox note => InboxOps.Note(session, note, now),
        StoreOp.Ack ack => InboxOps.Ack(session, ack, now),
        StoreOp.Put put => StateOps.Put(session, put, now),
        StoreOp.Del del => StateOps.Del(session, del, now),
        StoreOp.Create create => LogOps.Create(session, create),
        StoreOp.SetMembers members => LogOps.SetMembers(session, members),
        StoreOp.Close close => LogOps.Close(session, close),
        StoreOp.Trim trim => LogOps.Trim(session, trim),
        StoreOp.Complete { Claim.Kind: ClaimKind.FanOut } complete => FanOutClaims.Complete(session, complete, fanOut),
        StoreOp.Complete complete => InboxClaims.Complete(session, complete),
        _ => throw new InvalidOperationException($"The store does not know the operation {op.GetType().Name}."),
    };

    private bool IsHeld(ReadSession session, Fence fence) => fence.Claim.Kind == ClaimKind.FanOut
        ? fanOut.IsHeld(fence.Token)
        : InboxClaims.IsHeld(session, fence.Claim, fence.Token);

    /// <summary>Once a second is enough: after a crash the clock may repeat that second, but it never goes behind an envelope.</summary>
    private void SaveClock(WriteSession session, long now)
    {
        if (now - _clockSaved < 1000)
            return;
        session.Prepare("INSERT INTO meta(k,v) VALUES('clock',?1) ON CONFLICT(k) DO UPDATE SET v=excluded.v").Bind(1, now).Run();
        _clockSaved = now;
    }
}
