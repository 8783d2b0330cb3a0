namespace AgentFlow.Storage.Tests;

public sealed class WriterTests : IDisposable
{
    private readonly TestDirectory _directory = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task What_was_written_is_read_back_byte_for_byte()
    {
        await using var store = StoreFixture.Open(_directory);
        byte[] bytes = [.. Enumerable.Range(0, 256).Select(i => (byte)i)];
        await store.WriteAsync(
            session =>
            {
                session.Insert(1, "schön ✓", bytes);
                session.Insert(2, "", []);
                session.Insert(long.MaxValue, "none", null);
                return 0;
            },
            Token);

        var rows = await store.ReadAsync(
            session =>
            {
                var statement = session.Prepare("SELECT n,t,b FROM item ORDER BY n");
                var list = new List<(long, string, byte[]?)>();
                while (statement.Step())
                    list.Add((statement.GetInt64(0), statement.GetText(1), statement.IsNull(2) ? null : statement.GetBlob(2).ToArray()));
                return list;
            },
            Token);

        Assert.Equal([1, 2, long.MaxValue], rows.Select(r => r.Item1));
        Assert.Equal("schön ✓", rows[0].Item2);
        Assert.Equal(bytes, rows[0].Item3!);
        Assert.Empty(rows[1].Item3!);
        Assert.Null(rows[2].Item3);
    }

    [Fact]
    public async Task A_failing_write_leaves_its_neighbours_in_the_same_commit_alone()
    {
        await using var store = StoreFixture.Open(_directory);
        var (gate, blocked) = await store.BlockWriterAsync();
        var first = store.WriteAsync(s => { s.Insert(1); return 0; }, Token).AsTask();
        var broken = store.WriteAsync<int>(s => { s.Insert(2); throw new InvalidDataException("mine"); }, Token).AsTask();
        var twice = store.WriteAsync(s => { s.Insert(3); s.Insert(1); return 0; }, Token).AsTask();
        var last = store.WriteAsync(s => { s.Insert(4); return 0; }, Token).AsTask();
        long commits = store.Statistics.Commits;
        gate.Set();
        await blocked;
        await first;
        await last;

        Assert.Equal("mine", (await Assert.ThrowsAsync<InvalidDataException>(() => broken)).Message);
        Assert.Equal(StorageErrorKind.Constraint, (await Assert.ThrowsAsync<StorageException>(() => twice)).Kind);
        Assert.Equal(2, await store.CountAsync());
        Assert.Equal(commits + 2, store.Statistics.Commits);
    }

    [Fact]
    public async Task Writes_that_wait_together_are_committed_together_in_their_order()
    {
        await using var store = StoreFixture.Open(_directory);
        var (gate, blocked) = await store.BlockWriterAsync();
        var writes = Enumerable.Range(0, 600).Select(i => store.WriteAsync(s => { s.Insert(StoreFixture.Count(s)); return StoreFixture.Count(s); }, Token).AsTask()).ToList();
        gate.Set();
        await blocked;

        Assert.Equal(Enumerable.Range(1, 600).Select(i => (long)i), await Task.WhenAll(writes));
        // One commit for the blocking write; 600 writes take three of at most 256.
        Assert.Equal(4, store.Statistics.Commits);
    }

    [Fact]
    public async Task A_commit_takes_no_more_bytes_than_its_limit()
    {
        await using var store = StoreFixture.Open(_directory);
        var (gate, blocked) = await store.BlockWriterAsync();
        var writes = Enumerable.Range(0, 8)
            .Select(i => store.WriteAsync(i, static (s, i) => { s.Insert(i); return i; }, 400_000, WriteKind.Grows, Token).AsTask()).ToList();
        gate.Set();
        await blocked;
        await Task.WhenAll(writes);

        Assert.Equal(1 + 4, store.Statistics.Commits);
    }

    [Fact]
    public async Task A_full_queue_refuses_at_once_and_recovers()
    {
        await using var store = StoreFixture.Open(_directory, new SqliteOptions { QueueCapacity = 2 });
        var (gate, blocked) = await store.BlockWriterAsync();
        var first = store.WriteAsync(s => { s.Insert(1); return 0; }, Token).AsTask();
        var second = store.WriteAsync(s => { s.Insert(2); return 0; }, Token).AsTask();
        var refused = await Assert.ThrowsAsync<StorageBusyException>(() => store.WriteAsync(s => { s.Insert(3); return 0; }, Token).AsTask());
        gate.Set();
        await Task.WhenAll(blocked, first, second);
        await store.WriteAsync(s => { s.Insert(4); return 0; }, Token);

        Assert.True(refused.IsRetryable);
        Assert.True(refused.RetryAfter > TimeSpan.Zero);
        Assert.Equal(3, await store.CountAsync());
    }

    [Fact]
    public async Task A_write_that_is_cancelled_while_it_waits_is_not_done()
    {
        await using var store = StoreFixture.Open(_directory);
        var (gate, blocked) = await store.BlockWriterAsync();
        using var cancellation = new CancellationTokenSource();
        var write = store.WriteAsync(s => { s.Insert(1); return 0; }, cancellation.Token).AsTask();
        await cancellation.CancelAsync();
        gate.Set();
        await blocked;

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => write);
        Assert.Equal(0, await store.CountAsync());
    }

    [Fact]
    public async Task A_write_that_has_started_is_not_reported_as_cancelled()
    {
        await using var store = StoreFixture.Open(_directory);
        using var cancellation = new CancellationTokenSource();
        await store.WriteAsync(
            s =>
            {
                cancellation.Cancel();
                s.Insert(1);
                return 0;
            },
            cancellation.Token);

        Assert.Equal(1, await store.CountAsync());
    }

    [Fact]
    public async Task Continuations_do_not_run_on_the_writer_thread()
    {
        await using var store = StoreFixture.Open(_directory);
        int resumed = 0;
        int writer = await store.WriteAsync(_ => Environment.CurrentManagedThreadId, Token).AsTask()
            .ContinueWith(t => { resumed = Environment.CurrentManagedThreadId; return t.Result; }, Token, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);

        Assert.NotEqual(writer, resumed);
    }

    [Fact]
    public async Task A_session_is_dead_after_its_function()
    {
        await using var store = StoreFixture.Open(_directory);
        WriteSession kept = await store.WriteAsync(s => s, Token);
        ReadSession keptReader = await store.ReadAsync(s => s, Token);

        Assert.Throws<InvalidOperationException>(() => kept.Prepare("SELECT 1"));
        Assert.Throws<InvalidOperationException>(() => keptReader.Prepare("SELECT 1"));
    }

    [Fact]
    public async Task Wrong_SQL_is_reported_as_a_programming_error()
    {
        await using var store = StoreFixture.Open(_directory);

        var error = await Assert.ThrowsAsync<StorageException>(() => store.WriteAsync(s => s.Prepare("SELEC 1").Run(), Token).AsTask());

        Assert.Equal(StorageErrorKind.Sql, error.Kind);
        Assert.False(error.IsRetryable);
    }
}
