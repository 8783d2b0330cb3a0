namespace AgentFlow.Storage;

/// <summary>Settings of a <see cref="SqliteStore"/>. The defaults are measured; change them only with a measurement.</summary>
public sealed class SqliteOptions
{
    /// <summary>The page size of a new database in bytes, a power of two from 512 to 65,536.</summary>
    /// <value>8,192.</value>
    public int PageSize { get; set; } = 8192;

    /// <summary>The page cache of the writing connection in KiB; each reader has a quarter of it. What does not fit is in the operating system's cache.</summary>
    /// <value>16,384 (16 MiB), taken as it is needed.</value>
    public int CacheKiB { get; set; } = 16_384;

    /// <summary>How many read-only connections are pooled, so how many reads run at once.</summary>
    /// <value>4.</value>
    public int Readers { get; set; } = 4;

    /// <summary>How many writes may wait; one more is refused with <see cref="StorageBusyException"/>.</summary>
    /// <value>4,096.</value>
    public int QueueCapacity { get; set; } = 4096;

    /// <summary>The most writes in one commit. A commit takes what waits and never lingers for more.</summary>
    /// <value>256.</value>
    public int MaxBatchOperations { get; set; } = 256;

    /// <summary>The most bytes in one commit, by the sizes that callers declare; one write is taken at least.</summary>
    /// <value>1 MiB.</value>
    public int MaxBatchBytes { get; set; } = 1 << 20;

    /// <summary>How long a statement waits for a lock that another connection holds.</summary>
    /// <value>5 seconds.</value>
    public TimeSpan BusyTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>After how many bytes of write-ahead log the writer copies it into the database.</summary>
    /// <value>4 MiB.</value>
    public int CheckpointBytes { get; set; } = 4 << 20;

    /// <summary>How long the writer must be idle before it empties the write-ahead log.</summary>
    /// <value>1 second.</value>
    public TimeSpan IdleCheckpointDelay { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>The free space that growing writes leave for the ones that free space, in bytes; never more than 5 % of the disk.</summary>
    /// <value>256 MiB.</value>
    public long FreeSpaceReserve { get; set; } = 256L << 20;

    /// <summary>The clock by which free space is looked up again.</summary>
    /// <value><see cref="TimeProvider.System"/>.</value>
    public TimeProvider TimeProvider { get; set; } = TimeProvider.System;

    internal Func<DiskSpace>? DiskProbe { get; set; }
}
