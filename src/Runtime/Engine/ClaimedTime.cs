namespace AgentFlow.Engine;

/// <summary>A time that somebody else wrote: any 64 bits. What lies beyond the calendar becomes its first or last moment, so that nothing hostile throws.</summary>
internal static class ClaimedTime
{
    private static readonly long s_first = DateTimeOffset.MinValue.ToUnixTimeMilliseconds();
    private static readonly long s_last = DateTimeOffset.MaxValue.ToUnixTimeMilliseconds();

    public static DateTimeOffset Of(long unixMilliseconds) => DateTimeOffset.FromUnixTimeMilliseconds(Math.Clamp(unixMilliseconds, s_first, s_last));
}
