namespace AgentFlow.Protocol.Hub;

/// <summary>What every hub takes as arguments; what it does not take is a programmer's error.</summary>
public static class HubArguments
{
    /// <summary>The most envelopes or rows of one page.</summary>
    public const int MaxPage = 1000;

    /// <summary>The most credit of a subscription.</summary>
    public const int MaxCredit = 10_000;

    /// <summary>The shortest lease.</summary>
    public static TimeSpan ShortestLease { get; } = TimeSpan.FromSeconds(1);

    /// <summary>The longest lease.</summary>
    public static TimeSpan LongestLease { get; } = TimeSpan.FromMinutes(10);

    /// <summary>Checks the size of a page.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is not from 1 to <see cref="MaxPage"/>.</exception>
    public static void CheckPage(int maxCount)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maxCount, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(maxCount, MaxPage);
    }

    /// <summary>Checks the credit of a subscription.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is not from 1 to <see cref="MaxCredit"/>.</exception>
    public static void CheckCredit(int credit)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(credit, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(credit, MaxCredit);
    }

    /// <summary>Checks owner and duration of a lease.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The owner is empty, or the duration not from <see cref="ShortestLease"/> to <see cref="LongestLease"/>.</exception>
    public static void CheckLease(Guid owner, TimeSpan duration)
    {
        ArgumentOutOfRangeException.ThrowIfEqual(owner, Guid.Empty);
        ArgumentOutOfRangeException.ThrowIfLessThan(duration, ShortestLease);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(duration, LongestLease);
    }
}
