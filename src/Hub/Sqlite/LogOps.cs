using AgentFlow.Hub.Stores;
using AgentFlow.Protocol.Hub;
using AgentFlow.Storage;

namespace AgentFlow.Hub.Sqlite;

/// <summary>The operations on threads and their logs.</summary>
internal static class LogOps
{
    public static OpResult Append(WriteSession session, StoreOp.Append op, long now)
    {
        if (!ThreadRow.TryRead(session, op.Thread, out var thread))
            return OpResult.Failed(HubStatus.NotFound);
        if (Find(session, thread.Number, op.MessageId) is { } standing)
        {
            return standing.BodyHash == op.BodyHash
                ? OpResult.Ok(standing.Position) with { IsRepetition = true }
                : OpResult.Failed(HubStatus.IdConflict, standing.Position);
        }

        if (thread.IsClosed)
            return OpResult.Failed(HubStatus.Closed);
        if (op.ExpectHead is { } expected && expected != thread.Head)
            return OpResult.Failed(HubStatus.Conflict, thread.Head);

        long position = thread.Head + 1;
        Span<byte> id = stackalloc byte[MessageId.Size];
        op.MessageId.Write(id);
        session.Prepare("INSERT INTO log(thread,seq,msg,hash,chain,at,exp,keep_head,keep_tail,body) VALUES(?1,?2,?3,?4,?5,?6,?7,?8,?9,?10)")
            .Bind(1, thread.Number).Bind(2, position).Bind(3, id).Bind(4, op.BodyHash.Span).Bind(5, op.ThreadHash.Span).Bind(6, now)
            .Bind(7, Expiry(op, thread, now)).Bind(8, op.KeepHead).Bind(9, op.KeepTail).Bind(10, op.Body.Span).Run();
        session.Prepare("UPDATE thread SET head=?2, bytes=bytes+?3 WHERE id=?1").Bind(1, op.Thread.Span).Bind(2, position).Bind(3, op.Body.Length).Run();
        return OpResult.Ok(position);
    }

    public static LogPosition? Find(ReadSession session, long thread, MessageId messageId)
    {
        Span<byte> id = stackalloc byte[MessageId.Size];
        messageId.Write(id);
        var statement = session.Prepare("SELECT seq,hash FROM log WHERE msg=?1 AND thread=?2").Bind(1, id).Bind(2, thread);
        LogPosition? found = statement.Step() ? new LogPosition(statement.GetInt64(0), new Bytes32(statement.GetBlob(1))) : null;
        statement.Reset();
        return found;
    }

    public static OpResult Create(WriteSession session, StoreOp.Create op)
    {
        if (ThreadRow.TryRead(session, op.Thread, out var standing))
            return OpResult.Failed(HubStatus.Conflict, standing.Head);
        session.Prepare("INSERT INTO thread(id,n,shard,kind,fan,retain_ms) VALUES(?1,(SELECT coalesce(max(n),0)+1 FROM thread),?2,?3,?4,?5)")
            .Bind(1, op.Thread.Span).Bind(2, ShardKey.Of(op.Thread).Number).Bind(3, (long)op.Kind).Bind(4, (long)op.Fan)
            .Bind(5, op.Retention is { } retention ? (long)retention.TotalMilliseconds : null).Run();
        return OpResult.Ok();
    }

    public static OpResult SetMembers(WriteSession session, StoreOp.SetMembers op)
    {
        if (!ThreadRow.TryRead(session, op.Thread, out var thread))
            return OpResult.Failed(HubStatus.NotFound);
        var before = ThreadReads.Members(session, thread.Number).ToDictionary(m => m.Agent);
        session.Prepare("DELETE FROM member WHERE thread=?1").Bind(1, thread.Number).Run();
        foreach (var member in op.Members)
        {
            long from = before.TryGetValue(member.Agent, out var old) ? old.FromPosition : member.FromPosition;
            session.Prepare("INSERT INTO member(thread,agent,role,from_seq) VALUES(?1,?2,?3,?4)")
                .Bind(1, thread.Number).Bind(2, member.Agent.Span).Bind(3, member.Role).Bind(4, from).Run();
        }

        session.Prepare("UPDATE thread SET members_ver=members_ver+1 WHERE id=?1").Bind(1, op.Thread.Span).Run();
        return OpResult.Ok(thread.MembersVersion + 1);
    }

    public static OpResult Close(WriteSession session, StoreOp.Close op) =>
        session.Prepare("UPDATE thread SET closed=1 WHERE id=?1").Bind(1, op.Thread.Span).Run() == 1
            ? OpResult.Ok() : OpResult.Failed(HubStatus.NotFound);

    public static OpResult Trim(WriteSession session, StoreOp.Trim op)
    {
        if (!ThreadRow.TryRead(session, op.Thread, out var thread))
            return OpResult.Failed(HubStatus.NotFound);
        long first = Math.Max(thread.First, Math.Min(op.BelowPosition, thread.Head + 1));
        session.Prepare("UPDATE thread SET first=?2 WHERE id=?1").Bind(1, op.Thread.Span).Bind(2, first).Run();
        return OpResult.Ok(first);
    }

    private static long? Expiry(StoreOp.Append op, in ThreadRow thread, long now)
    {
        if (op.IsPinned)
            return -1;
        long? own = op.ExpiresAt?.ToUnixTimeMilliseconds();
        long? retained = thread.RetentionMilliseconds is { } span ? now + span : null;
        return own is { } a && retained is { } b ? Math.Min(a, b) : own ?? retained;
    }
}
