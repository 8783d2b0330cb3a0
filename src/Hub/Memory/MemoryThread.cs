using AgentFlow.Hub.Stores;

namespace AgentFlow.Hub.Memory;

/// <summary>A thread with its log.</summary>
internal sealed class MemoryThread(ThreadId id, long number, StoreOp.Create creation)
{
    public ThreadId Id { get; } = id;

    public long Number { get; } = number;

    public StoreOp.Create Creation { get; } = creation;

    public List<MemoryEntry> Log { get; } = [];

    public Dictionary<MessageId, long> Positions { get; } = [];

    public List<Member> Members { get; set; } = [];

    public long MembersVersion { get; set; }

    public long First { get; set; } = 1;

    public long Swept { get; set; } = 1;

    public bool IsClosed { get; set; }

    public long Head => Log.Count;
}

/// <summary>An envelope in a log.</summary>
internal sealed class MemoryEntry
{
    public required StoreOp.Append Append { get; init; }

    public required long Position { get; init; }

    public required long? Expiry { get; init; }

    public required byte[] Body { get; set; }

    public bool IsRemoved { get; set; }

    public bool IsHidden(long first, long now) =>
        IsRemoved || (!Append.IsPinned && (Position < first || (Expiry is { } time && time <= now)));
}

/// <summary>A row of an inbox.</summary>
internal sealed class MemoryInboxRow(AgentId agent, MemoryThread thread)
{
    public AgentId Agent { get; } = agent;

    public MemoryThread Thread { get; } = thread;

    public long Head { get; set; }

    public long Acked { get; set; }

    public short Priority { get; set; }

    public long Touched { get; set; }

    public Guid LeaseOwner { get; set; }

    public long LeaseToken { get; set; }

    public long LeaseUntil { get; set; }

    public bool IsUnread => Head > Acked;
}

/// <summary>A state item or, without a value, the tombstone of one.</summary>
internal sealed record MemoryState(byte[]? Value, long Version, long? Expiry)
{
    public bool Exists(long now) => Value is not null && !(Expiry <= now);
}
