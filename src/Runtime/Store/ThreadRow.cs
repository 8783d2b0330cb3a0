namespace AgentFlow.Store;

/// <summary>A frame's place in a thread.</summary>
/// <param name="Position">The position of its envelope, from 1.</param>
/// <param name="Frame">Its index in the envelope, from 0.</param>
internal readonly record struct FramePosition(long Position, int Frame) : IComparable<FramePosition>
{
    /// <inheritdoc/>
    public int CompareTo(FramePosition other) => Position != other.Position ? Position.CompareTo(other.Position) : Frame.CompareTo(other.Frame);

    /// <summary>The form <c>12.0</c>.</summary>
    public override string ToString() => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{Position}.{Frame}");
}

/// <summary>A thread as one agent has it.</summary>
internal sealed record ThreadRow
{
    /// <summary>The agent.</summary>
    public required AgentId Agent { get; init; }

    /// <summary>The thread.</summary>
    public required ThreadId Thread { get; init; }

    /// <summary>Rises by one with each commit that compares it; from 1.</summary>
    public required long Version { get; init; }

    /// <summary>The highest fencing token given out, 0 at first.</summary>
    public long Fence { get; init; }

    /// <summary>The secret member state; empty where only the row was asked for, before the first save, and where the thread is destroyed.</summary>
    public byte[] MemberState { get; init; } = [];

    /// <summary>The position up to which the thread is verified.</summary>
    public long Received { get; init; }

    /// <summary>How far dispatch has come.</summary>
    public FramePosition Dispatched { get; init; }

    /// <summary>How it stands.</summary>
    public ThreadOutcome Outcome { get; init; }

    /// <summary>Why it is parked, refused or failed, or null.</summary>
    public string? Reason { get; init; }

    /// <summary>Until when it waits before the next try, or null.</summary>
    public DateTimeOffset? BlockedUntil { get; init; }

    /// <summary>What people see, or null.</summary>
    public string? Title { get; init; }

    /// <summary>The thread that started it, or null.</summary>
    public ThreadId? Parent { get; init; }

    /// <summary>When it started.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>When it last changed, by the store's clock.</summary>
    public required DateTimeOffset UpdatedAt { get; init; }

    /// <summary>Whether its storage key is destroyed.</summary>
    public bool IsDestroyed { get; init; }

    /// <summary>Leaves the member state out.</summary>
    public override string ToString() => $"{Thread} of {Agent} version {Version} {Outcome}";
}

/// <summary>Which threads to list.</summary>
internal sealed record ThreadQuery
{
    /// <summary>The agent, or null for all.</summary>
    public AgentId? Agent { get; init; }

    /// <summary>The outcome, or null for all.</summary>
    public ThreadOutcome? Outcome { get; init; }

    /// <summary>List only what started before this row of the page before, or null for the first page.</summary>
    public ThreadRow? After { get; init; }

    /// <summary>The most rows, from 1.</summary>
    public int MaxCount { get; init; } = 1000;

    /// <summary>Whether destroyed threads are listed too.</summary>
    public bool IncludeDestroyed { get; init; }
}
