namespace AgentFlow.Client.Transport;

/// <summary>Pauses that double, each with jitter between its half and its whole, so that many clients do not come back at once.</summary>
internal sealed class Backoff(GrpcHubOptions options)
{
    private TimeSpan _pause = options.FirstPause;

    public TimeSpan Next()
    {
        var pause = _pause * (0.5 + (Random.Shared.NextDouble() / 2));
        _pause = _pause * 2 < options.LongestPause ? _pause * 2 : options.LongestPause;
        return pause;
    }

    public void Reset() => _pause = options.FirstPause;
}
