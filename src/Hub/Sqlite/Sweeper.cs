using AgentFlow.Hub.Stores;
using AgentFlow.Storage;

namespace AgentFlow.Hub.Sqlite;

/// <summary>Removes bodies that are hidden already, and state items that have expired.</summary>
internal static class Sweeper
{
    public static SweepResult Sweep(WriteSession session, SweepBudget budget, long now)
    {
        int left = budget.MaxRows;
        int bodies = Hide(session, Expired(session, now, left));
        left -= bodies;
        bodies += Trimmed(session, ref left);
        int states = States(session, now, (long)budget.TombstoneAge.TotalMilliseconds, left);
        return new SweepResult(bodies, states, left - states <= 0);
    }

    private static List<long> Expired(ReadSession session, long now, int max) =>
        Positions(session.Prepare("SELECT pos FROM log WHERE exp>0 AND exp<=?1 LIMIT ?2").Bind(1, now).Bind(2, max));

    private static int Trimmed(WriteSession session, ref int left)
    {
        int bodies = 0;
        while (left > 0)
        {
            var statement = session.Prepare("SELECT n,swept,first,id FROM thread WHERE first>swept LIMIT 1");
            if (!statement.Step())
                return bodies;
            long number = statement.GetInt64(0);
            long from = statement.GetInt64(1);
            long to = Math.Min(statement.GetInt64(2), from + left);
            byte[] id = statement.GetBlob(3).ToArray();
            statement.Reset();
            var rows = Positions(session.Prepare("SELECT pos FROM log WHERE thread=?1 AND seq>=?2 AND seq<?3 AND hidden=0 AND coalesce(exp,0)>=0")
                .Bind(1, number).Bind(2, from).Bind(3, to));
            bodies += Hide(session, rows);
            session.Prepare("UPDATE thread SET swept=?2 WHERE id=?1").Bind(1, id).Bind(2, to).Run();
            left -= (int)(to - from);
        }

        return bodies;
    }

    private static int Hide(WriteSession session, List<long> positions)
    {
        foreach (long position in positions)
        {
            var row = session.Prepare("SELECT body,keep_head,keep_tail FROM log WHERE pos=?1").Bind(1, position);
            row.Step();
            byte[] rest = HiddenBody.Of(row.GetBlob(0), (int)row.GetInt64(1), (int)row.GetInt64(2));
            row.Reset();
            session.Prepare("UPDATE log SET body=?2,hidden=1,exp=NULL WHERE pos=?1").Bind(1, position).Bind(2, rest).Run();
        }

        return positions.Count;
    }

    private static int States(WriteSession session, long now, long tombstoneAge, int max)
    {
        // A tombstone ends; an expired item becomes a tombstone first, so that its version does not come back at once.
        int ended = session.Prepare("DELETE FROM state WHERE (kind,key) IN (SELECT kind,key FROM state WHERE exp<=?1 AND v IS NULL LIMIT ?2)")
            .Bind(1, now).Bind(2, max).Run();
        return ended + session.Prepare("""
            UPDATE state SET v=NULL,ver=ver+1,exp=?3 WHERE (kind,key) IN (SELECT kind,key FROM state WHERE exp<=?1 AND v IS NOT NULL LIMIT ?2)
            """).Bind(1, now).Bind(2, Math.Max(0, max - ended)).Bind(3, now + tombstoneAge).Run();
    }

    private static List<long> Positions(Statement statement)
    {
        var positions = new List<long>();
        while (statement.Step())
            positions.Add(statement.GetInt64(0));
        statement.Reset();
        return positions;
    }
}
