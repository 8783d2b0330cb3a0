namespace AgentFlow.Storage.Tests;

public sealed class DiskTests : IDisposable
{
    private readonly TestDirectory _directory = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task A_full_disk_fails_the_write_as_retryable_and_writing_resumes_by_itself()
    {
        await using var store = StoreFixture.Open(_directory);
        await store.WriteAsync(s => { s.Insert(1); return 0; }, Token);
        await LimitPagesAsync(store, 8);
        var full = await Assert.ThrowsAsync<StorageException>(() => store.WriteAsync(s => { s.Insert(2, bytes: new byte[200_000]); return 0; }, Token).AsTask());
        await LimitPagesAsync(store, 100_000);
        await store.WriteAsync(s => { s.Insert(3, bytes: new byte[200_000]); return 0; }, Token);

        Assert.Equal(StorageErrorKind.DiskFull, full.Kind);
        Assert.True(full.IsRetryable);
        Assert.Equal(2, await store.CountAsync());
    }

    [Fact]
    public async Task When_a_full_disk_undoes_a_whole_batch_every_write_of_it_is_told()
    {
        await using var store = StoreFixture.Open(_directory);
        await LimitPagesAsync(store, 8);
        var (gate, blocked) = await store.BlockWriterAsync();
        var before = store.WriteAsync(s => { s.Insert(1); return 0; }, Token).AsTask();
        var large = store.WriteAsync(s => { s.Insert(2, bytes: new byte[200_000]); return 0; }, Token).AsTask();
        var after = store.WriteAsync(s => { s.Insert(3); return 0; }, Token).AsTask();
        gate.Set();
        await Assert.ThrowsAsync<StorageException>(() => large);
        bool[] succeeded = [await SucceedsAsync(blocked), await SucceedsAsync(before), await SucceedsAsync(after)];
        await LimitPagesAsync(store, 100_000);

        // Whether SQLite undoes one statement or the transaction, what was answered is what is there.
        Assert.Equal(succeeded[1..].Count(s => s), await store.CountAsync());
    }

    [Fact]
    public async Task Below_the_reserve_only_what_frees_space_is_written()
    {
        long free = 1L << 30;
        var time = new StepTime();
        var options = new SqliteOptions { DiskProbe = () => new DiskSpace(free, 100L << 30), TimeProvider = time };
        await using var store = StoreFixture.Open(_directory, options);
        await store.WriteAsync(s => { s.Insert(1); return 0; }, Token);
        free = 100L << 20;
        time.Step();

        var refused = await Assert.ThrowsAsync<StorageException>(() => store.WriteAsync(s => { s.Insert(2); return 0; }, Token).AsTask());
        int deleted = await store.WriteAsync(0, static (s, _) => s.Prepare("DELETE FROM item").Run(), 0, WriteKind.Frees, Token);
        free = 1L << 30;
        time.Step();
        await store.WriteAsync(s => { s.Insert(3); return 0; }, Token);

        Assert.Equal(StorageErrorKind.DiskFull, refused.Kind);
        Assert.Equal(1, deleted);
        Assert.Equal(1, await store.CountAsync());
    }

    [Fact]
    public async Task The_write_ahead_log_stays_bounded_while_many_read()
    {
        var options = new SqliteOptions { CheckpointBytes = 256 << 10 };
        await using var store = StoreFixture.Open(_directory, options);
        using var stop = new CancellationTokenSource();
        var reading = Enumerable.Range(0, 3).Select(_ => Task.Run(async () =>
        {
            while (!stop.IsCancellationRequested)
                await store.CountAsync();
        }, Token)).ToList();
        long largest = 0;
        for (int i = 0; i < 600; i++)
        {
            await store.WriteAsync(s => { s.Insert(i, bytes: new byte[20_000]); return 0; }, Token);
            largest = Math.Max(largest, new FileInfo(_directory.Database + "-wal").Length);
        }

        await stop.CancelAsync();
        await Task.WhenAll(reading);
        Assert.True(store.Statistics.Checkpoints > 10);
        Assert.True(largest < 3 << 20, $"{largest} bytes for 12 MB of writes.");
    }

    [Fact]
    public async Task A_reader_sees_one_moment_and_cannot_write()
    {
        await using var store = StoreFixture.Open(_directory);
        using var written = new SemaphoreSlim(0);
        using var counted = new SemaphoreSlim(0);
        var reading = Task.Run(() => store.ReadAsync(
            s =>
            {
                long before = StoreFixture.Count(s);
                counted.Release();
                written.Wait(Token);
                return (before, StoreFixture.Count(s));
            },
            Token).AsTask(), Token);
        await counted.WaitAsync(Token);
        await store.WriteAsync(s => { s.Insert(1); return 0; }, Token);
        written.Release();

        Assert.Equal((0L, 0L), await reading);
        Assert.Equal(1, await store.CountAsync());
        await Assert.ThrowsAsync<StorageException>(() => store.ReadAsync(s => s.Prepare("DELETE FROM item").Run(), Token).AsTask());
        Assert.Equal(1, await store.CountAsync());
    }

    [Fact]
    public async Task Work_that_undoes_itself_answers_and_leaves_nothing()
    {
        await using var store = StoreFixture.Open(_directory);
        string answer = await store.WriteAsync(
            s =>
            {
                s.Insert(1);
                s.Undo();
                return "refused";
            },
            Token);
        await store.WriteAsync(s => { s.Insert(2); return 0; }, Token);

        Assert.Equal("refused", answer);
        Assert.Equal(1, await store.CountAsync());
    }

    private static async Task<bool> SucceedsAsync(Task task)
    {
        await ((Task)task).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        return task.IsCompletedSuccessfully;
    }

    private static async Task LimitPagesAsync(SqliteStore store, int pages) =>
        await store.WriteAsync(s => { s.Prepare($"PRAGMA max_page_count={pages}").Run(); return 0; }, Token);

    private sealed class StepTime : TimeProvider
    {
        private long _now;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => Interlocked.Read(ref _now);

        public void Step() => Interlocked.Add(ref _now, TimeSpan.TicksPerSecond * 2);
    }
}
