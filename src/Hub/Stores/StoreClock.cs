namespace AgentFlow.Hub.Stores;

/// <summary>Unix milliseconds that never go back, whatever the clock of the machine does. Thread-safe.</summary>
internal sealed class StoreClock(TimeProvider time)
{
    private long _last;

    /// <summary>Never answers less than this.</summary>
    public void StartAt(long milliseconds) => Raise(milliseconds);

    public long Now() => Raise(time.GetUtcNow().ToUnixTimeMilliseconds());

    public static DateTimeOffset ToTime(long milliseconds) => DateTimeOffset.FromUnixTimeMilliseconds(milliseconds);

    /// <summary>The end of a time span that begins now.</summary>
    public long After(TimeSpan duration) => Now() + (long)duration.TotalMilliseconds;

    private long Raise(long candidate)
    {
        long last = Interlocked.Read(ref _last);
        while (candidate > last)
        {
            long seen = Interlocked.CompareExchange(ref _last, candidate, last);
            if (seen == last)
                return candidate;
            last = seen;
        }

        return last;
    }
}
