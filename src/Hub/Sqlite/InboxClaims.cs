using AgentFlow.Hub.Stores;
using AgentFlow.Protocol.Hub;
using AgentFlow.Storage;

namespace AgentFlow.Hub.Sqlite;

/// <summary>Leases of (agent, thread) with a fencing token, kept in the inbox rows.</summary>
internal static class InboxClaims
{
    public static IReadOnlyList<Claim> Take(WriteSession session, ClaimRequest request, StoreClock clock)
    {
        if (request.Thread is { } named)
            return ThreadRow.TryRead(session, named, out var row) ? [TakeNamed(session, request, named, row.Number, clock)] : [];
        var claims = new List<Claim>();
        foreach (var (number, thread) in FreeAndUnread(session, request, clock.Now()))
            claims.Add(TakeNamed(session, request, thread, number, clock));
        return claims;
    }

    public static bool IsHeld(ReadSession session, ClaimId claim, long token)
    {
        var statement = session.Prepare("""
            SELECT 1 FROM inbox WHERE agent=?1 AND thread=(SELECT n FROM thread WHERE id=?2) AND lease_token=?3 AND lease_owner IS NOT NULL
            """).Bind(1, claim.Agent.Span).Bind(2, claim.Thread.Span).Bind(3, token);
        bool isHeld = statement.Step();
        statement.Reset();
        return isHeld;
    }

    public static OpResult Complete(WriteSession session, StoreOp.Complete op)
    {
        if (!IsHeld(session, op.Claim, op.Token))
            return OpResult.Failed(HubStatus.Fenced);
        session.Prepare("UPDATE inbox SET lease_owner=NULL,lease_until=0 WHERE agent=?1 AND thread=(SELECT n FROM thread WHERE id=?2)")
            .Bind(1, op.Claim.Agent.Span).Bind(2, op.Claim.Thread.Span).Run();
        return OpResult.Ok();
    }

    private static Claim TakeNamed(WriteSession session, ClaimRequest request, ThreadId thread, long number, StoreClock clock)
    {
        var statement = session.Prepare("SELECT head_seq,lease_owner,lease_token,lease_until FROM inbox WHERE agent=?1 AND thread=?2")
            .Bind(1, request.Agent.Span).Bind(2, number);
        bool exists = statement.Step();
        long head = exists ? statement.GetInt64(0) : 0;
        Guid holder = exists && !statement.IsNull(1) ? new Guid(statement.GetBlob(1)) : Guid.Empty;
        long token = exists ? statement.GetInt64(2) : 0;
        long until = exists ? statement.GetInt64(3) : 0;
        statement.Reset();

        var id = new ClaimId(ClaimKind.Inbox, request.Agent, thread);
        IReadOnlyList<ThreadNews> work = [new ThreadNews(thread, head)];
        bool isLive = holder != Guid.Empty && until > clock.Now();
        if (isLive && holder != request.Owner)
            return new Claim(id, holder, token, StoreClock.ToTime(until), work);
        if (!isLive)
            token++;
        until = clock.After(request.Duration);
        session.Prepare("""
            INSERT INTO inbox(agent,thread,head_seq,touched,lease_owner,lease_token,lease_until) VALUES(?1,?2,0,?3,?4,?5,?6)
            ON CONFLICT(agent,thread) DO UPDATE SET lease_owner=excluded.lease_owner,lease_token=excluded.lease_token,lease_until=excluded.lease_until
            """).Bind(1, request.Agent.Span).Bind(2, number).Bind(3, clock.Now()).Bind(4, request.Owner.ToByteArray()).Bind(5, token).Bind(6, until).Run();
        return new Claim(id, request.Owner, token, StoreClock.ToTime(until), work);
    }

    private static List<(long Number, ThreadId Thread)> FreeAndUnread(ReadSession session, ClaimRequest request, long now)
    {
        var statement = session.Prepare("""
            SELECT i.thread,t.id FROM inbox i JOIN thread t ON t.n=i.thread WHERE i.agent=?1 AND i.head_seq>i.acked_seq
              AND (i.lease_owner IS NULL OR i.lease_until<=?2) ORDER BY i.prio DESC,i.touched,i.thread LIMIT ?3
            """).Bind(1, request.Agent.Span).Bind(2, now).Bind(3, request.Max);
        var rows = new List<(long, ThreadId)>();
        while (statement.Step())
            rows.Add((statement.GetInt64(0), new ThreadId(statement.GetBlob(1))));
        statement.Reset();
        return rows;
    }
}
