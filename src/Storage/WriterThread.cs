namespace AgentFlow.Storage;

/// <summary>The only thread that writes to the database and copies its write-ahead log.</summary>
internal sealed class WriterThread
{
    private const int PauseAfterCheckpoints = 8;
    private static readonly TimeSpan s_pausePatience = TimeSpan.FromSeconds(1);
    private readonly SqliteConnection _connection;
    private readonly SqliteOptions _options;
    private readonly WriteQueue _queue;
    private readonly BatchWriter _writer;
    private readonly ReaderPool _readers;
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly long _checkpointPages;
    private long _logPages = 1;
    private long _newPages;
    private long _checkpoints;

    public WriterThread(SqliteConnection connection, SqliteOptions options, WriteQueue queue, BatchWriter writer, ReaderPool readers)
    {
        (_connection, _options, _queue, _writer, _readers) = (connection, options, queue, writer, readers);
        _checkpointPages = Math.Max(1, options.CheckpointBytes / options.PageSize);
        new Thread(Run) { IsBackground = true, Name = "AgentFlow SQLite writer" }.Start();
    }

    /// <summary>Completes when the queue is closed, drained, and the connection closed.</summary>
    public Task Ended => _ended.Task;

    public long Checkpoints => Interlocked.Read(ref _checkpoints);

    private void Run()
    {
        try
        {
            var batch = new List<WriteOperation>(_options.MaxBatchOperations);
            while (_queue.Take(batch, _logPages + _newPages > 0 ? _options.IdleCheckpointDelay : Timeout.InfiniteTimeSpan))
            {
                if (batch.Count == 0)
                {
                    Checkpoint(truncate: true);
                    continue;
                }

                _writer.Write(batch);
                batch.Clear();
                _newPages += _connection.TakePagesWritten();
                if (_newPages >= _checkpointPages)
                    Checkpoint(truncate: false);
            }

            Checkpoint(truncate: true);
            _connection.Dispose();
            _ended.SetResult();
        }
        catch (Exception e)
        {
            // A defect of the writer itself: whoever waits for its end must learn of it.
            _queue.Close();
            _ended.SetException(e);
        }
    }

    private void Checkpoint(bool truncate)
    {
        FailPoint.Hit(StorageFailPoints.BeforeCheckpoint);
        // Emptying the log waits for readers; while it waits nothing is written, so it does not wait at all.
        if (truncate)
            _connection.SetBusyTimeout(TimeSpan.Zero);
        // Readers that overlap without a gap would keep the log growing for ever: when it is long, they wait for one checkpoint. A complete copy alone does not
        // make it short: a reader at its end is enough, and the next write goes behind it.
        bool isLong = _logPages + _newPages >= PauseAfterCheckpoints * _checkpointPages;
        bool isPaused = isLong && _readers.TryPause(s_pausePatience);
        bool complete = _connection.Checkpoint(truncate, out int pages);
        if (isPaused)
            _readers.Resume();
        if (truncate)
            _connection.SetBusyTimeout(_options.BusyTimeout);
        Interlocked.Increment(ref _checkpoints);
        FailPoint.Hit(StorageFailPoints.AfterCheckpoint);
        _ = _connection.TakePagesWritten();

        // Copied while nobody read, it begins anew with the next write; one page stands for the file, which is still to be emptied. Minus one is no answer.
        _logPages = (complete, truncate, isPaused) switch
        {
            (true, true, _) => 0,
            (true, false, true) => 1,
            _ => pages >= 0 ? Math.Max(pages, 1) : _logPages + _newPages,
        };
        _newPages = 0;
    }
}
