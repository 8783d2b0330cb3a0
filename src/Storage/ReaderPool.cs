using System.Collections.Concurrent;
using System.Diagnostics;

namespace AgentFlow.Storage;

/// <summary>Read-only connections that are lent for one piece of synchronous work.</summary>
internal sealed class ReaderPool : IAsyncDisposable
{
    private readonly ConcurrentBag<Reader> _free = [];
    private readonly SemaphoreSlim _gate;
    private readonly string _path;
    private readonly SqliteOptions _options;
    private volatile TaskCompletionSource? _pause;
    private volatile bool _isClosed;

    public ReaderPool(string path, SqliteOptions options)
    {
        (_path, _options) = (path, options);
        _gate = new SemaphoreSlim(options.Readers, options.Readers);
    }

    public async ValueTask<TResult> ReadAsync<TState, TResult>(TState state, Func<ReadSession, TState, TResult> work, CancellationToken cancellationToken)
    {
        // The semaphore is not fair: without this, readers in a hurry would always be faster than the writer that wants to pause them.
        if (_pause is { } pause)
            await pause.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
        await _gate.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (_isClosed)
                throw new StorageException(StorageErrorKind.Closed, "The store is closed.");
            if (!_free.TryTake(out var reader))
                reader = new Reader(SqliteConnection.Open(_path, _options, readOnly: true));
            try
            {
                return reader.Run(state, work);
            }
            finally
            {
                _free.Add(reader);
            }
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Waits, not for long, until nobody reads, and keeps everybody from starting.</summary>
    /// <returns>Whether nobody reads. Then call <see cref="Resume()"/>.</returns>
    public bool TryPause(TimeSpan patience)
    {
        long start = Stopwatch.GetTimestamp();
        _pause = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        for (int taken = 0; taken < _options.Readers; taken++)
        {
            var left = patience - Stopwatch.GetElapsedTime(start);
            if (_gate.Wait(left > TimeSpan.Zero ? left : TimeSpan.Zero))
                continue;
            Resume(taken);
            return false;
        }

        return true;
    }

    public void Resume() => Resume(_options.Readers);

    public async ValueTask DisposeAsync()
    {
        _isClosed = true;
        for (int i = 0; i < _options.Readers; i++)
            await _gate.WaitAsync().ConfigureAwait(false);
        while (_free.TryTake(out var reader))
            reader.Dispose();
        _gate.Release(_options.Readers);
    }

    private void Resume(int taken)
    {
        if (taken > 0)
            _gate.Release(taken);
        Interlocked.Exchange(ref _pause, null)?.SetResult();
    }

    private sealed class Reader(SqliteConnection connection) : IDisposable
    {
        private readonly ReadSession _session = new(connection);

        public TResult Run<TState, TResult>(TState state, Func<ReadSession, TState, TResult> work)
        {
            connection.Run("BEGIN");
            _session.IsOpen = true;
            try
            {
                return work(_session, state);
            }
            finally
            {
                _session.IsOpen = false;
                connection.ResetAll();
                if (connection.IsInTransaction)
                    connection.Execute("ROLLBACK");
            }
        }

        public void Dispose() => connection.Dispose();
    }
}
