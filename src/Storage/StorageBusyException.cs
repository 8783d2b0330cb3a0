namespace AgentFlow.Storage;

/// <summary>The write queue is full; nothing was written.</summary>
public sealed class StorageBusyException : StorageException
{
    internal StorageBusyException(int capacity, TimeSpan retryAfter)
        : base(StorageErrorKind.Busy, $"{capacity} writes are waiting already. Try again in {retryAfter.TotalMilliseconds:0} ms.") => RetryAfter = retryAfter;

    /// <summary>How long to wait before the next attempt.</summary>
    public TimeSpan RetryAfter { get; }
}
