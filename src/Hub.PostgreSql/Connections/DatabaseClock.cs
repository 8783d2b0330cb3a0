using System.Diagnostics;
using AgentFlow.Hub.Stores;

namespace AgentFlow.Hub.PostgreSql.Connections;

/// <summary>
/// The clock of the database, as this hub knows it: the newest time that an answer brought, and what has passed since. It never goes back, and every
/// statement carries it, so that a database whose clock was set back does not go back for this hub either. Thread-safe.
/// </summary>
internal sealed class DatabaseClock
{
    private readonly Observed _observed = new();
    private readonly StoreClock _clock;

    /// <summary>Makes a clock.</summary>
    /// <param name="instead">The clock to use instead of the database's, or null.</param>
    public DatabaseClock(TimeProvider? instead)
    {
        IsFixed = instead is not null;
        _clock = new StoreClock(instead ?? _observed);
    }

    /// <summary>Whether the time comes from this process: then statements take it as it is.</summary>
    public bool IsFixed { get; }

    /// <summary>What statements carry: the time, or else the newest time that the database said.</summary>
    public long Floor => IsFixed ? _clock.Now() : _observed.Newest;

    public DateTimeOffset Now => StoreClock.ToTime(_clock.Now());

    public void Observe(long milliseconds)
    {
        if (!IsFixed)
            _observed.Raise(milliseconds);
    }

    private sealed class Observed : TimeProvider
    {
        private readonly Lock _gate = new();
        private long _newest;
        private long _since = Stopwatch.GetTimestamp();

        public long Newest => Interlocked.Read(ref _newest);

        public void Raise(long milliseconds)
        {
            lock (_gate)
            {
                if (milliseconds <= _newest)
                    return;
                Interlocked.Exchange(ref _newest, milliseconds);
                _since = Stopwatch.GetTimestamp();
            }
        }

        public override DateTimeOffset GetUtcNow()
        {
            lock (_gate)
                return StoreClock.ToTime(_newest) + Stopwatch.GetElapsedTime(_since);
        }
    }
}
