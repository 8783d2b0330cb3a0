namespace AgentFlow.Engine;

/// <summary>A lease as this process has it.</summary>
internal sealed class HeldLease(long token)
{
    public long Token { get; } = token;

    /// <summary>How many work under it now.</summary>
    public int Users { get; set; }

    /// <summary>When it was last worked under, as a timestamp.</summary>
    public long Used { get; set; }

    /// <summary>When its last extension was asked for, as a timestamp.</summary>
    public long Renewed { get; set; }

    /// <summary>Ends when it is given back, or null while it is not.</summary>
    public Task? Releasing { get; set; }
}

/// <summary>The right to work on a thread, until it is disposed; or the news that another process has it.</summary>
internal sealed class LeaseHold : IDisposable
{
    private readonly Action<HeldLease>? _done;
    private readonly HeldLease? _lease;
    private bool _isDone;

    private LeaseHold(bool isHeld, TimeSpan heldFor) => (IsHeld, HeldFor) = (isHeld, heldFor);

    public LeaseHold(HeldLease lease, Action<HeldLease> done)
        : this(isHeld: true, default) => (_lease, _done) = (lease, done);

    /// <summary>One process has the store, so every thread is its own.</summary>
    public static LeaseHold Always { get; } = new(isHeld: true, default);

    public bool IsHeld { get; }

    /// <summary>For how long another process has the thread, unless it goes on.</summary>
    public TimeSpan HeldFor { get; }

    /// <summary>The token that commits carry, or null where none are given out.</summary>
    public long? Fence => _lease?.Token;

    public static LeaseHold Elsewhere(TimeSpan heldFor) => new(isHeld: false, heldFor);

    public void Dispose()
    {
        if (_lease is null || Interlocked.Exchange(ref _isDone, true))
            return;
        _done!(_lease);
    }
}
