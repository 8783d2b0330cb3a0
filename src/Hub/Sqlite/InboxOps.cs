using AgentFlow.Hub.Stores;
using AgentFlow.Protocol.Hub;
using AgentFlow.Storage;

namespace AgentFlow.Hub.Sqlite;

/// <summary>The operations on inboxes. All of them only raise numbers, so a repetition is harmless.</summary>
internal static class InboxOps
{
    public static OpResult Note(WriteSession session, StoreOp.NoteInbox op, long now)
    {
        if (!ThreadRow.TryRead(session, op.Thread, out var thread))
            return OpResult.Failed(HubStatus.NotFound);
        var statement = session.Prepare("""
            INSERT INTO inbox(agent,thread,head_seq,prio,touched) VALUES(?1,?2,?3,?4,?5)
            ON CONFLICT(agent,thread) DO UPDATE SET
              touched=CASE WHEN head_seq>acked_seq THEN touched ELSE excluded.touched END,
              prio=CASE WHEN head_seq>acked_seq THEN max(prio,excluded.prio) ELSE excluded.prio END,
              head_seq=max(head_seq,excluded.head_seq)
            RETURNING head_seq
            """).Bind(1, op.Agent.Span).Bind(2, thread.Number).Bind(3, op.HeadPosition).Bind(4, op.Priority).Bind(5, now);
        return OpResult.Ok(Single(statement));
    }

    public static OpResult Ack(WriteSession session, StoreOp.Ack op, long now)
    {
        if (!ThreadRow.TryRead(session, op.Thread, out var thread))
            return OpResult.Failed(HubStatus.NotFound);
        var statement = session.Prepare("""
            INSERT INTO inbox(agent,thread,head_seq,acked_seq,touched) VALUES(?1,?2,0,?3,?4)
            ON CONFLICT(agent,thread) DO UPDATE SET acked_seq=max(acked_seq,excluded.acked_seq)
            RETURNING acked_seq
            """).Bind(1, op.Agent.Span).Bind(2, thread.Number).Bind(3, op.UpToPosition).Bind(4, now);
        return OpResult.Ok(Single(statement));
    }

    private static long Single(Statement statement)
    {
        statement.Step();
        long value = statement.GetInt64(0);
        // A statement with RETURNING has done its work only when it was stepped to its end.
        statement.Run();
        return value;
    }
}
