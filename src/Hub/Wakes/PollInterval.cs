namespace AgentFlow.Hub.Wakes;

/// <summary>How long to wait between two looks that no hint asked for: short after news, longer while nothing comes, never in step with others.</summary>
internal sealed class PollInterval(TimeSpan shortest, TimeSpan longest)
{
    private int _doublings;

    public TimeSpan Next()
    {
        // 20 % to either side, so that many pollers spread out.
        double jitter = 0.8 + (0.4 * Random.Shared.NextDouble());
        var interval = shortest * (1 << _doublings);
        if (interval < longest)
            _doublings++;
        return (interval < longest ? interval : longest) * jitter;
    }

    public void Reset() => _doublings = 0;
}
