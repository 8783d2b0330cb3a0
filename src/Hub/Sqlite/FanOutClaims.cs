using AgentFlow.Hub.Stores;
using AgentFlow.Protocol.Hub;
using AgentFlow.Storage;

namespace AgentFlow.Hub.Sqlite;

/// <summary>
/// Fan-out work: everything in the log above a cursor. One writer makes <c>pos</c> dense, so following it misses nothing; a store with several
/// writers must never do this.
/// </summary>
internal static class FanOutClaims
{
    /// <summary>Reads what lies above the cursor.</summary>
    /// <returns>The newest position that was read, and the threads that its rows belong to.</returns>
    public static (long UpTo, IReadOnlyList<ThreadNews> Work) Read(ReadSession session, int max)
    {
        var statement = session.Prepare("""
            SELECT g.upto,t.id,g.head,t.fan FROM (
              SELECT thread,max(seq) AS head,max(pos) AS upto FROM (
                SELECT pos,thread,seq FROM log WHERE pos>coalesce((SELECT v FROM meta WHERE k='fan_pos'),0) ORDER BY pos LIMIT ?1)
              GROUP BY thread) g JOIN thread t ON t.n=g.thread
            """).Bind(1, max);
        long upTo = 0;
        var work = new List<ThreadNews>();
        while (statement.Step())
        {
            upTo = Math.Max(upTo, statement.GetInt64(0));
            if ((FanOut)statement.GetInt64(3) == FanOut.Push)
                work.Add(new ThreadNews(new ThreadId(statement.GetBlob(1)), statement.GetInt64(2)));
        }

        return (upTo, work);
    }

    public static OpResult Complete(WriteSession session, StoreOp.Complete op, FanOutLease lease)
    {
        if (!lease.TryEnd(op.Token, out long upTo))
            return OpResult.Failed(HubStatus.Fenced);
        session.Prepare("INSERT INTO meta(k,v) VALUES('fan_pos',?1) ON CONFLICT(k) DO UPDATE SET v=max(v,excluded.v)").Bind(1, upTo).Run();
        return OpResult.Ok();
    }
}
