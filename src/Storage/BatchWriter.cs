namespace AgentFlow.Storage;

/// <summary>Runs a batch of writes in one transaction, each in its own savepoint, and commits them together.</summary>
internal sealed class BatchWriter(SqliteConnection connection, FreeSpaceGate gate, long epoch)
{
    private readonly WriteSession _session = new(connection);
    private readonly List<WriteOperation> _done = [];
    private long _operations;
    private long _commits;
    private long _failures;

    public long Operations => Interlocked.Read(ref _operations);

    public long Commits => Interlocked.Read(ref _commits);

    public long Failures => Interlocked.Read(ref _failures);

    public void Write(List<WriteOperation> batch)
    {
        _done.Clear();
        try
        {
            connection.Run("BEGIN IMMEDIATE");
            RefuseIfFenced();
        }
        catch (StorageException e)
        {
            Abort();
            foreach (var operation in batch)
                Fail(operation, e);
            return;
        }

        int index = 0;
        StorageException? lost = null;
        for (; index < batch.Count && lost is null; index++)
            lost = RunOne(batch[index]);
        if (lost is null)
            lost = Commit();
        if (lost is not null)
        {
            FailDone(lost);
            for (; index < batch.Count; index++)
                Fail(batch[index], lost);
            return;
        }

        Interlocked.Add(ref _operations, _done.Count);
        foreach (var operation in _done)
            operation.Complete();
    }

    /// <summary>Runs one write.</summary>
    /// <returns>Null, or why the whole transaction is gone.</returns>
    private StorageException? RunOne(WriteOperation operation)
    {
        if (operation.CancellationToken.IsCancellationRequested)
        {
            operation.Cancel();
            return null;
        }

        if (operation.Kind == WriteKind.Grows && !gate.IsOpen())
        {
            Fail(operation, new StorageException(StorageErrorKind.DiskFull, "The disk is nearly full. Free some space; writing resumes by itself."));
            return null;
        }

        try
        {
            connection.Run("SAVEPOINT op");
            _session.IsOpen = true;
            _session.IsUndone = false;
            operation.Run(_session);
            _session.IsOpen = false;
            connection.ResetAll();
            if (_session.IsUndone)
                connection.Run("ROLLBACK TO op");
            connection.Run("RELEASE op");
            _done.Add(operation);
            FailPoint.Hit(StorageFailPoints.MidBatch);
            return null;
        }
        catch (Exception e)
        {
            // Whatever the caller's function throws is the caller's: it goes back through the task, and the neighbours go on.
            _session.IsOpen = false;
            var lost = UndoOne();
            Fail(operation, e);
            return lost;
        }
    }

    private StorageException? UndoOne()
    {
        connection.ResetAll();
        if (!connection.IsInTransaction)
            return Lost(null);
        try
        {
            connection.Run("ROLLBACK TO op");
            connection.Run("RELEASE op");
            return null;
        }
        catch (StorageException e)
        {
            Abort();
            return Lost(e);
        }
    }

    private StorageException? Commit()
    {
        try
        {
            FailPoint.Hit(StorageFailPoints.BeforeCommit);
            connection.Run("COMMIT");
            connection.ResetAll();
            Interlocked.Increment(ref _commits);
            FailPoint.Hit(StorageFailPoints.AfterCommit);
            return null;
        }
        catch (StorageException e)
        {
            Abort();
            return e;
        }
    }

    private void Abort()
    {
        connection.ResetAll();
        if (!connection.IsInTransaction)
            return;
        try
        {
            connection.Execute("ROLLBACK");
        }
        catch (StorageException)
        {
            // SQLite has ended the transaction by itself: that is what a rollback is for.
        }
    }

    private void RefuseIfFenced()
    {
        if (Schema.Read(connection, "epoch") != epoch)
            throw new StorageException(StorageErrorKind.Fenced, "Another process opened this database. Restart this one.");
    }

    private void FailDone(StorageException error)
    {
        foreach (var operation in _done)
            Fail(operation, error);
    }

    private void Fail(WriteOperation operation, Exception error)
    {
        Interlocked.Increment(ref _failures);
        operation.Fail(error);
    }

    private static StorageException Lost(StorageException? cause) =>
        new(StorageErrorKind.Unavailable, "The database undid the whole batch because of one write that the disk refused. Nothing was written; try again.", cause);
}
