using AgentFlow.Hub.Stores;
using AgentFlow.Protocol.Hub;
using AgentFlow.Storage;

namespace AgentFlow.Hub.Sqlite;

/// <summary>State items: compare-and-set by version. A deleted key leaves a tombstone (NULL), so that its versions are not used again.</summary>
internal static class StateOps
{
    private static readonly long s_tombstoneAge = (long)SweepBudget.Default.TombstoneAge.TotalMilliseconds;

    public static OpResult Put(WriteSession session, StoreOp.Put op, long now)
    {
        var (version, exists) = Read(session, op.Key, now);
        if (!Matches(op.ExpectVersion, version, exists))
            return OpResult.Failed(HubStatus.Conflict, exists ? version : 0);
        session.Prepare("""
            INSERT INTO state(kind,key,ver,exp,v) VALUES(?1,?2,?3,?4,?5)
            ON CONFLICT(kind,key) DO UPDATE SET ver=excluded.ver,exp=excluded.exp,v=excluded.v
            """).Bind(1, (long)op.Key.Kind).Bind(2, op.Key.Key.Span).Bind(3, version + 1)
            .Bind(4, op.ExpiresAt?.ToUnixTimeMilliseconds()).Bind(5, op.Value.Span).Run();
        return OpResult.Ok(version + 1);
    }

    public static OpResult Del(WriteSession session, StoreOp.Del op, long now)
    {
        var (version, exists) = Read(session, op.Key, now);
        if (!Matches(op.ExpectVersion, version, exists))
            return OpResult.Failed(HubStatus.Conflict, exists ? version : 0);
        if (!exists)
            return OpResult.Ok();
        session.Prepare("UPDATE state SET ver=?3,exp=?4,v=NULL WHERE kind=?1 AND key=?2")
            .Bind(1, (long)op.Key.Kind).Bind(2, op.Key.Key.Span).Bind(3, version + 1).Bind(4, now + s_tombstoneAge).Run();
        return OpResult.Ok(version + 1);
    }

    public static StateItem? Get(ReadSession session, StateKey key, long now)
    {
        var statement = session.Prepare("SELECT ver,exp,v FROM state WHERE kind=?1 AND key=?2").Bind(1, (long)key.Kind).Bind(2, key.Key.Span);
        if (!statement.Step() || statement.IsNull(2))
            return null;
        long? expiry = statement.GetNullableInt64(1);
        if (expiry <= now)
            return null;
        return new StateItem(statement.GetBlob(2).ToArray(), statement.GetInt64(0), expiry is { } time ? StoreClock.ToTime(time) : null);
    }

    private static (long Version, bool Exists) Read(ReadSession session, StateKey key, long now)
    {
        var statement = session.Prepare("SELECT ver,exp,v IS NULL FROM state WHERE kind=?1 AND key=?2").Bind(1, (long)key.Kind).Bind(2, key.Key.Span);
        var result = statement.Step()
            ? (statement.GetInt64(0), statement.GetInt64(2) == 0 && !(statement.GetNullableInt64(1) <= now))
            : (0, false);
        statement.Reset();
        return result;
    }

    private static bool Matches(long expected, long version, bool exists) => expected switch
    {
        -1 => true,
        0 => !exists,
        _ => exists && version == expected,
    };
}
