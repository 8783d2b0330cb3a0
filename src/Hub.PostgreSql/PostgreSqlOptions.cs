using AgentFlow.Storage;

namespace AgentFlow.Hub.PostgreSql;

/// <summary>Settings of a store on PostgreSQL. All but the first have defaults.</summary>
public sealed class PostgreSqlOptions
{
    /// <summary>Where the database is, for example <c>Host=db;Username=agentflow;Database=agentflow</c>. Several hosts are allowed.</summary>
    public required string ConnectionString { get; set; }

    /// <summary>
    /// A way to the same database that is not pooled by transaction, for the one connection that listens; null takes <see cref="ConnectionString"/>.
    /// Set it where that one leads through PgBouncer.
    /// </summary>
    /// <value>Null.</value>
    public string? ListenConnectionString { get; set; }

    /// <summary>
    /// How many connections append side by side. A logical shard always uses the same one, so what one caller starts in order is committed in order.
    /// </summary>
    /// <value>The number of processors, 8 at most.</value>
    public int Lanes { get; set; } = Math.Min(8, Environment.ProcessorCount);

    /// <summary>The most commits that wait for one lane; with more, a commit is answered <c>Busy</c>.</summary>
    /// <value>4,096.</value>
    public int QueueCapacity { get; set; } = 4096;

    /// <summary>The most operations of one transaction.</summary>
    /// <value>256.</value>
    public int MaxBatchOperations { get; set; } = 256;

    /// <summary>The most bytes of one transaction, unless a single commit is larger.</summary>
    /// <value>1 MiB.</value>
    public int MaxBatchBytes { get; set; } = 1 << 20;

    /// <summary>The most connections that read, claim and sweep.</summary>
    /// <value>16.</value>
    public int MaxReadConnections { get; set; } = 16;

    /// <summary>After what time the server gives a statement up.</summary>
    /// <value>5 seconds.</value>
    public TimeSpan StatementTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How long a statement waits for a row that another hub has locked; then the commit is answered <c>Busy</c>.</summary>
    /// <value>2 seconds.</value>
    public TimeSpan LockTimeout { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>Whether to accept a server that does not write to its disk (<c>fsync=off</c>). For data that may be lost, in tests.</summary>
    /// <value>False.</value>
    public bool AllowUnsafeServer { get; set; }

    /// <summary>A clock to use instead of the database's, for tests. Hubs on one database must agree on the time, so leave it alone elsewhere.</summary>
    /// <value>Null: the clock of the database.</value>
    public TimeProvider? Clock { get; set; }

    /// <exception cref="StorageException">A setting makes no sense.</exception>
    internal void Check()
    {
        (string, int)[] counts =
        [
            (nameof(Lanes), Lanes), (nameof(QueueCapacity), QueueCapacity), (nameof(MaxBatchOperations), MaxBatchOperations),
            (nameof(MaxReadConnections), MaxReadConnections),
        ];
        foreach (var (name, value) in counts)
        {
            if (value < 1)
                throw new StorageException(StorageErrorKind.Incompatible, $"{nameof(PostgreSqlOptions)}.{name} is {value}. Set it to 1 or more.");
        }
    }
}
