using AgentFlow.Hub.Stores;
using AgentFlow.Protocol.Hub;

namespace AgentFlow.Hub.Memory;

/// <summary>The operations on threads, inboxes and state items.</summary>
internal static class MemoryOps
{
    private static readonly long s_tombstoneAge = (long)SweepBudget.Default.TombstoneAge.TotalMilliseconds;

    public static OpResult Append(MemoryData data, StoreOp.Append op, long now)
    {
        if (!data.TryFind(op.Thread, out var thread))
            return OpResult.Failed(HubStatus.NotFound);
        if (thread.Positions.TryGetValue(op.MessageId, out long standing))
        {
            return thread.Log[(int)standing - 1].Append.BodyHash == op.BodyHash
                ? OpResult.Ok(standing) with { IsRepetition = true }
                : OpResult.Failed(HubStatus.IdConflict, standing);
        }

        if (thread.IsClosed)
            return OpResult.Failed(HubStatus.Closed);
        if (op.ExpectHead is { } expected && expected != thread.Head)
            return OpResult.Failed(HubStatus.Conflict, thread.Head);

        long position = thread.Head + 1;
        thread.Log.Add(new MemoryEntry
        {
            Append = op with { Body = default },
            Position = position,
            Expiry = Expiry(op, thread.Creation.Retention, now),
            Body = op.Body.ToArray(),
        });
        thread.Positions.Add(op.MessageId, position);
        data.Arrivals.Add((thread, position));
        data.Undo(() =>
        {
            data.Arrivals.RemoveAt(data.Arrivals.Count - 1);
            thread.Positions.Remove(op.MessageId);
            thread.Log.RemoveAt(thread.Log.Count - 1);
        });
        return OpResult.Ok(position);
    }

    public static OpResult Create(MemoryData data, StoreOp.Create op)
    {
        if (data.TryFind(op.Thread, out var standing))
            return OpResult.Failed(HubStatus.Conflict, standing.Head);
        data.Threads.Add(op.Thread, new MemoryThread(op.Thread, data.Threads.Count + 1, op));
        data.Undo(() => data.Threads.Remove(op.Thread));
        return OpResult.Ok();
    }

    public static OpResult SetMembers(MemoryData data, StoreOp.SetMembers op)
    {
        if (!data.TryFind(op.Thread, out var thread))
            return OpResult.Failed(HubStatus.NotFound);
        var before = thread.Members;
        data.Undo(() => (thread.Members, thread.MembersVersion) = (before, thread.MembersVersion - 1));
        thread.Members = [.. op.Members.Select(m => before.Find(b => b.Agent == m.Agent) is { } old ? m with { FromPosition = old.FromPosition } : m)];
        return OpResult.Ok(++thread.MembersVersion);
    }

    public static OpResult Close(MemoryData data, StoreOp.Close op)
    {
        if (!data.TryFind(op.Thread, out var thread))
            return OpResult.Failed(HubStatus.NotFound);
        bool before = thread.IsClosed;
        data.Undo(() => thread.IsClosed = before);
        thread.IsClosed = true;
        return OpResult.Ok();
    }

    public static OpResult Trim(MemoryData data, StoreOp.Trim op)
    {
        if (!data.TryFind(op.Thread, out var thread))
            return OpResult.Failed(HubStatus.NotFound);
        long before = thread.First;
        data.Undo(() => thread.First = before);
        thread.First = Math.Max(before, Math.Min(op.BelowPosition, thread.Head + 1));
        return OpResult.Ok(thread.First);
    }

    public static OpResult Note(MemoryData data, StoreOp.NoteInbox op, long now)
    {
        if (!data.TryFind(op.Thread, out var thread))
            return OpResult.Failed(HubStatus.NotFound);
        var row = data.Row(op.Agent, thread, now);
        var (head, priority, touched, wasUnread) = (row.Head, row.Priority, row.Touched, row.IsUnread);
        data.Undo(() => (row.Head, row.Priority, row.Touched) = (head, priority, touched));
        row.Touched = wasUnread ? touched : now;
        row.Priority = wasUnread ? Math.Max(priority, op.Priority) : op.Priority;
        row.Head = Math.Max(head, op.HeadPosition);
        return OpResult.Ok(row.Head);
    }

    public static OpResult Ack(MemoryData data, StoreOp.Ack op, long now)
    {
        if (!data.TryFind(op.Thread, out var thread))
            return OpResult.Failed(HubStatus.NotFound);
        var row = data.Row(op.Agent, thread, now);
        long before = row.Acked;
        data.Undo(() => row.Acked = before);
        row.Acked = Math.Max(before, op.UpToPosition);
        return OpResult.Ok(row.Acked);
    }

    public static OpResult Put(MemoryData data, StoreOp.Put op, long now)
    {
        var standing = data.States.GetValueOrDefault(op.Key);
        if (!Matches(op.ExpectVersion, standing, now))
            return OpResult.Failed(HubStatus.Conflict, standing?.Exists(now) == true ? standing.Version : 0);
        var next = new MemoryState(op.Value.ToArray(), (standing?.Version ?? 0) + 1, op.ExpiresAt?.ToUnixTimeMilliseconds());
        Set(data, new StateKey(op.Key.Kind, op.Key.Key.ToArray()), next);
        return OpResult.Ok(next.Version);
    }

    public static OpResult Del(MemoryData data, StoreOp.Del op, long now)
    {
        var standing = data.States.GetValueOrDefault(op.Key);
        if (!Matches(op.ExpectVersion, standing, now))
            return OpResult.Failed(HubStatus.Conflict, standing?.Exists(now) == true ? standing.Version : 0);
        if (standing?.Exists(now) != true)
            return OpResult.Ok();
        Set(data, op.Key, new MemoryState(null, standing.Version + 1, now + s_tombstoneAge));
        return OpResult.Ok(standing.Version + 1);
    }

    private static void Set(MemoryData data, StateKey key, MemoryState next)
    {
        bool existed = data.States.TryGetValue(key, out var before);
        data.Undo(() =>
        {
            if (existed)
                data.States[key] = before!;
            else
                data.States.Remove(key);
        });
        data.States[key] = next;
    }

    private static bool Matches(long expected, MemoryState? standing, long now) => expected switch
    {
        -1 => true,
        0 => standing?.Exists(now) != true,
        _ => standing?.Exists(now) == true && standing.Version == expected,
    };

    private static long? Expiry(StoreOp.Append op, TimeSpan? retention, long now)
    {
        long? own = op.ExpiresAt?.ToUnixTimeMilliseconds();
        long? retained = retention is { } span ? now + (long)span.TotalMilliseconds : null;
        return own is { } a && retained is { } b ? Math.Min(a, b) : own ?? retained;
    }
}
