namespace AgentFlow.Storage;

/// <summary>
/// A database that is only read, beside a process that may have it open. It takes no lock that the other process would notice, never writes, and sees what is
/// committed. Thread-safe.
/// </summary>
public sealed class SqliteReader : IAsyncDisposable
{
    private readonly ReaderPool _readers;

    private SqliteReader(string path, SqliteOptions options) => _readers = new ReaderPool(path, options);

    /// <summary>Names a database that exists.</summary>
    /// <param name="path">The database file.</param>
    /// <param name="options">The settings.</param>
    /// <exception cref="StorageException">There is no such file.</exception>
    public static SqliteReader Open(string path, SqliteOptions options)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(options);
        if (!File.Exists(path))
            throw new StorageException(StorageErrorKind.Unavailable, $"There is no database '{path}'. Name the file of a store.");
        return new SqliteReader(Path.GetFullPath(path), options);
    }

    /// <summary>Runs a function in one consistent view.</summary>
    /// <param name="state">What the function needs, so that it can be a static one.</param>
    /// <param name="work">Synchronous and short: while it runs, the process that writes cannot empty its write-ahead log.</param>
    /// <param name="cancellationToken">Heeded while waiting for a connection.</param>
    /// <returns>What the function returned.</returns>
    /// <exception cref="StorageException">The database cannot be read.</exception>
    public ValueTask<TResult> ReadAsync<TState, TResult>(TState state, Func<ReadSession, TState, TResult> work, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(work);
        return _readers.ReadAsync(state, work, cancellationToken);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _readers.DisposeAsync();
}
