namespace AgentFlow.Hub.Stores;

/// <summary>What a store tells of itself when it is opened.</summary>
/// <param name="StoreId">The identity of its data.</param>
/// <param name="Epoch">How often it has been opened.</param>
/// <param name="Time">Its clock.</param>
public sealed record StoreInfo(Guid StoreId, long Epoch, DateTimeOffset Time);

/// <summary>How much one sweep may do.</summary>
/// <param name="MaxRows">The most rows that it changes.</param>
/// <param name="TombstoneAge">How long a deleted key remembers its version.</param>
public sealed record SweepBudget(int MaxRows, TimeSpan TombstoneAge)
{
    /// <summary>1,000 rows and 30 days.</summary>
    public static SweepBudget Default { get; } = new(1000, TimeSpan.FromDays(30));
}

/// <summary>What a sweep did.</summary>
/// <param name="Bodies">How many bodies it removed.</param>
/// <param name="States">How many state items it removed.</param>
/// <param name="HasMore">Whether there is more to do.</param>
public readonly record struct SweepResult(int Bodies, int States, bool HasMore);
