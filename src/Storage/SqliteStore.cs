namespace AgentFlow.Storage;

/// <summary>
/// One SQLite database: one writer thread that commits whatever waits in one transaction (WAL, <c>synchronous=FULL</c>), and pooled read-only readers.
/// Thread-safe. One process at a time has it open.
/// </summary>
public sealed class SqliteStore : IAsyncDisposable
{
    private readonly FileStream _lock;
    private readonly WriteQueue _queue;
    private readonly BatchWriter _writer;
    private readonly WriterThread _thread;
    private readonly ReaderPool _readers;

    private SqliteStore(string path, SqliteOptions options, FileStream fileLock, SqliteConnection connection, long epoch)
    {
        (_lock, Path, Epoch) = (fileLock, path, epoch);
        _queue = new WriteQueue(options);
        _writer = new BatchWriter(connection, new FreeSpaceGate(options, System.IO.Path.GetDirectoryName(path)!), epoch);
        _readers = new ReaderPool(path, options);
        _thread = new WriterThread(connection, options, _queue, _writer, _readers);
    }

    /// <summary>The full path of the database file.</summary>
    public string Path { get; }

    /// <summary>How often the database has been opened, this time included: a number that never comes back.</summary>
    public long Epoch { get; }

    /// <summary>The counters since it was opened.</summary>
    public StoreStatistics Statistics => new(_writer.Operations, _writer.Commits, _writer.Failures, _thread.Checkpoints, _queue.Count);

    /// <summary>Opens or creates a database (mode 0600), takes its lock, runs the steps of the schema that it lacks, and starts the writer.</summary>
    /// <param name="path">The database file; its directory is created where it is missing. Beside it lie <c>.lock</c>, <c>-wal</c> and <c>-shm</c>.</param>
    /// <param name="options">The settings.</param>
    /// <param name="migrations">All steps of the schema, the oldest first. The table <c>meta(k TEXT PRIMARY KEY, v)</c> exists already; its keys
    /// <c>schema</c> and <c>epoch</c> belong to the store, others are free.</param>
    /// <exception cref="StorageException"><see cref="StorageErrorKind.Locked"/>: another process has it open. <see cref="StorageErrorKind.Incompatible"/>: a
    /// network file system, or a newer schema. <see cref="StorageErrorKind.Corrupt"/>: no database. Others as their kind says.</exception>
    public static SqliteStore Open(string path, SqliteOptions options, IReadOnlyList<Migration> migrations)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(migrations);
        path = System.IO.Path.GetFullPath(path);
        var fileLock = StoreFiles.Prepare(path);
        SqliteConnection? connection = null;
        try
        {
            connection = SqliteConnection.Open(path, options, readOnly: false);
            Schema.SetUp(connection, options);
            Schema.Migrate(connection, migrations);
            long epoch = Schema.NextEpoch(connection);
            return new SqliteStore(path, options, fileLock, connection, epoch);
        }
        catch
        {
            connection?.Dispose();
            fileLock.Dispose();
            throw;
        }
    }

    /// <summary>Runs a function on the writer thread, in its own savepoint of the next commit, and completes after that commit is on the disk.</summary>
    /// <param name="work">Quick, synchronous and without effects outside the session: if it throws, what it wrote is undone and the exception comes back here.</param>
    /// <param name="cancellationToken">Heeded only until the function starts; a write that started is never reported as cancelled.</param>
    /// <returns>What the function returned.</returns>
    /// <exception cref="StorageBusyException">The queue is full; nothing was written.</exception>
    /// <exception cref="StorageException">The commit failed: repeat the write under the same id, because its outcome may be unknown.</exception>
    public ValueTask<TResult> WriteAsync<TResult>(Func<WriteSession, TResult> work, CancellationToken cancellationToken) =>
        WriteAsync(work, static (session, work) => work(session), 0, WriteKind.Grows, cancellationToken);

    /// <inheritdoc cref="WriteAsync{TResult}(Func{WriteSession, TResult}, CancellationToken)"/>
    /// <param name="state">What the function needs, so that it can be a static one.</param>
    /// <param name="work">The function.</param>
    /// <param name="bytes">About how many bytes it writes; counts against the size of a batch.</param>
    /// <param name="kind">Whether it may use the last free space of the disk.</param>
    /// <param name="cancellationToken">Heeded only until the function starts.</param>
    public ValueTask<TResult> WriteAsync<TState, TResult>(
        TState state, Func<WriteSession, TState, TResult> work, int bytes, WriteKind kind, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(work);
        var operation = new WriteOperation<TState, TResult>(state, work) { Bytes = bytes, Kind = kind, CancellationToken = cancellationToken };
        try
        {
            _queue.Add(operation);
        }
        catch (StorageException e)
        {
            return ValueTask.FromException<TResult>(e);
        }

        return new ValueTask<TResult>(operation.Task);
    }

    /// <summary>Runs a function on a pooled read-only connection, in one consistent view, on the calling thread once a connection is free.</summary>
    /// <param name="work">Synchronous and short: while it runs, the write-ahead log cannot be emptied.</param>
    /// <param name="cancellationToken">Heeded while waiting for a connection.</param>
    /// <returns>What the function returned.</returns>
    public ValueTask<TResult> ReadAsync<TResult>(Func<ReadSession, TResult> work, CancellationToken cancellationToken) =>
        ReadAsync(work, static (session, work) => work(session), cancellationToken);

    /// <inheritdoc cref="ReadAsync{TResult}(Func{ReadSession, TResult}, CancellationToken)"/>
    /// <param name="state">What the function needs, so that it can be a static one.</param>
    /// <param name="work">The function.</param>
    /// <param name="cancellationToken">Heeded while waiting for a connection.</param>
    public ValueTask<TResult> ReadAsync<TState, TResult>(TState state, Func<ReadSession, TState, TResult> work, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(work);
        return _readers.ReadAsync(state, work, cancellationToken);
    }

    /// <summary>Commits what waits, empties the write-ahead log, closes the database and gives the lock back.</summary>
    public async ValueTask DisposeAsync()
    {
        _queue.Close();
        await _readers.DisposeAsync().ConfigureAwait(false);
        await _thread.Ended.ConfigureAwait(false);
        await _lock.DisposeAsync().ConfigureAwait(false);
    }
}
