namespace AgentFlow.Testing;

/// <summary>A clock that stands until a test moves it. Timers fire inside <see cref="Advance"/>, in the order of their due times.</summary>
/// <remarks>Thread-safe.</remarks>
public sealed class ManualTimeProvider : TimeProvider
{
    private readonly Lock _gate = new();
    private readonly List<ManualTimer> _timers = [];
    private DateTimeOffset _now;

    /// <summary>Makes a clock.</summary>
    /// <param name="start">What it shows; the default is the start of 2026 in UTC.</param>
    public ManualTimeProvider(DateTimeOffset? start = null) => _now = start ?? new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <inheritdoc/>
    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow()
    {
        lock (_gate)
            return _now;
    }

    /// <inheritdoc/>
    public override long GetTimestamp() => GetUtcNow().Ticks;

    /// <summary>Moves the clock on, and fires what comes due on the way.</summary>
    /// <param name="by">How far; not negative.</param>
    public void Advance(TimeSpan by)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(by, TimeSpan.Zero);
        var target = GetUtcNow() + by;
        while (TakeNext(target) is { } timer)
            timer.Fire();
        lock (_gate)
            _now = target;
    }

    /// <inheritdoc/>
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        ArgumentNullException.ThrowIfNull(callback);
        var timer = new ManualTimer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    private ManualTimer? TakeNext(DateTimeOffset until)
    {
        lock (_gate)
        {
            var next = _timers.Where(timer => timer.Due <= until).MinBy(timer => timer.Due);
            if (next is null)
                return null;
            if (next.Due > _now)
                _now = next.Due;
            _timers.Remove(next);
            next.Repeat(_timers);
            return next;
        }
    }

    private sealed class ManualTimer(ManualTimeProvider clock, TimerCallback callback, object? state) : ITimer
    {
        private TimeSpan _period = Timeout.InfiniteTimeSpan;

        public DateTimeOffset Due { get; private set; }

        public void Fire() => callback(state);

        public void Repeat(List<ManualTimer> timers)
        {
            if (_period <= TimeSpan.Zero)
                return;
            Due += _period;
            timers.Add(this);
        }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            bool isDue = dueTime == TimeSpan.Zero;
            lock (clock._gate)
            {
                clock._timers.Remove(this);
                _period = period;
                Due = clock._now + (dueTime < TimeSpan.Zero ? TimeSpan.Zero : dueTime);
                if (dueTime > TimeSpan.Zero)
                    clock._timers.Add(this);
                else if (isDue)
                    Repeat(clock._timers);
            }

            if (isDue)
                ThreadPool.QueueUserWorkItem(static timer => timer.Fire(), this, preferLocal: false);
            return true;
        }

        public void Dispose()
        {
            lock (clock._gate)
                clock._timers.Remove(this);
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
