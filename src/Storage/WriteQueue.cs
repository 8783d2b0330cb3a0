namespace AgentFlow.Storage;

/// <summary>The bounded queue in front of the writer thread.</summary>
internal sealed class WriteQueue(SqliteOptions options)
{
    private static readonly TimeSpan s_retryAfter = TimeSpan.FromMilliseconds(50);
    private readonly Queue<WriteOperation> _waiting = new();
    private readonly object _gate = new();
    private bool _isClosed;

    public int Count
    {
        get
        {
            lock (_gate)
                return _waiting.Count;
        }
    }

    public void Add(WriteOperation operation)
    {
        lock (_gate)
        {
            if (_isClosed)
                throw new StorageException(StorageErrorKind.Closed, "The store is closed.");
            if (_waiting.Count >= options.QueueCapacity)
                throw new StorageBusyException(options.QueueCapacity, s_retryAfter);
            _waiting.Enqueue(operation);
            if (_waiting.Count == 1)
                Monitor.Pulse(_gate);
        }
    }

    /// <summary>Waits for work and takes what is there, up to the limits of a batch.</summary>
    /// <param name="batch">An empty list that receives the writes; still empty after a time-out.</param>
    /// <param name="timeout">How long to wait for the first one.</param>
    /// <returns>False when the queue is closed and empty.</returns>
    public bool Take(List<WriteOperation> batch, TimeSpan timeout)
    {
        lock (_gate)
        {
            while (_waiting.Count == 0)
            {
                if (_isClosed)
                    return false;
                if (!Monitor.Wait(_gate, timeout))
                    return true;
            }

            long bytes = 0;
            while (batch.Count < options.MaxBatchOperations && _waiting.TryPeek(out var next) && (batch.Count == 0 || bytes + next.Bytes <= options.MaxBatchBytes))
            {
                bytes += next.Bytes;
                batch.Add(_waiting.Dequeue());
            }

            return true;
        }
    }

    public void Close()
    {
        lock (_gate)
        {
            _isClosed = true;
            Monitor.PulseAll(_gate);
        }
    }
}
