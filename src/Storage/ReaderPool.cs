using System.Collections.Concurrent;

namespace AgentFlow.Storage;

/// <summary>Read-only connections that are lent for one piece of synchronous work.</summary>
internal sealed class ReaderPool : IAsyncDisposable
{
    private readonly ConcurrentBag<Reader> _free = [];
    private readonly SemaphoreSlim _gate;
    private readonly string _path;
    private readonly SqliteOptions _options;
    private volatile bool _isClosed;

    public ReaderPool(string path, SqliteOptions options)
    {
        (_path, _options) = (path, options);
        _gate = new SemaphoreSlim(options.Readers, options.Readers);
    }

    public async ValueTask<TResult> ReadAsync<TState, TResult>(TState state, Func<ReadSession, TState, TResult> work, CancellationToken cancellationToken)
    {
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

    public async ValueTask DisposeAsync()
    {
        _isClosed = true;
        for (int i = 0; i < _options.Readers; i++)
            await _gate.WaitAsync().ConfigureAwait(false);
        while (_free.TryTake(out var reader))
            reader.Dispose();
        _gate.Release(_options.Readers);
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
