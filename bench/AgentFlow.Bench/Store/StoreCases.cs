using System.Security.Cryptography;
using AgentFlow.Hub.Sqlite;
using AgentFlow.Hub.Stores;
using AgentFlow.Protocol.Hub;
using AgentFlow.Storage;

namespace AgentFlow.Bench.Store;

/// <summary>The cases that are compared. Each has a database of its own.</summary>
internal static class StoreCases
{
    private const int Threads = 1000;
    private static readonly byte[] s_body = RandomNumberGenerator.GetBytes(1024);
    private static readonly Bytes32 s_hash = new(SHA256.HashData(s_body));

    /// <summary>The bare store: one insert of 1 KiB a write.</summary>
    public static async Task<(Sample Sample, double Group)> BareAsync(string path, int callers, int maxBatch, TimeSpan duration)
    {
        await using var store = SqliteStore.Open(path, new SqliteOptions { MaxBatchOperations = maxBatch }, [new Migration("bare", "CREATE TABLE bare(n INTEGER PRIMARY KEY, b BLOB);")]);
        var before = store.Statistics;
        var sample = await ClosedLoop.RunAsync(callers, duration, _ => store.WriteAsync(s_body, static (s, body) => s.Prepare("INSERT INTO bare(b) VALUES(?1)").Bind(1, body).Run(), 1024, WriteKind.Grows, default).AsTask());
        return (sample, Group(before, store.Statistics));
    }

    /// <summary>The hub's store: one append of 1 KiB a commit, over 1,000 threads or one.</summary>
    public static async Task<(Sample Sample, double Group)> AppendAsync(string path, int callers, int maxBatch, bool isHot, TimeSpan duration)
    {
        await using var store = new SqliteEnvelopeStore(path, new SqliteOptions { MaxBatchOperations = maxBatch });
        await store.OpenAsync(default);
        StoreStatistics before = default!;
        var sample = await AppendAsync([store], callers, isHot, duration, () => before = store.Statistics);
        return (sample, Group(before, store.Statistics));
    }

    /// <summary>One append of 1 KiB a commit, over 1,000 threads or one, to open stores of the same data that the callers share out among them.</summary>
    public static async Task<Sample> AppendAsync(IReadOnlyList<IEnvelopeStore> stores, int callers, bool isHot, TimeSpan duration, Action? onReady = null)
    {
        ThreadId[] threads = [.. Enumerable.Range(0, isHot ? 1 : Threads).Select(_ => new ThreadId(RandomNumberGenerator.GetBytes(32)))];
        await Task.WhenAll(threads.Select(t => stores[0].CommitAsync(new StoreCommit(ShardKey.Of(t), [new StoreOp.Create(t, ThreadKind.Durable)]), default).AsTask()));
        onReady?.Invoke();
        return await ClosedLoop.RunAsync(callers, duration, async caller =>
        {
            var thread = threads[Random.Shared.Next(threads.Length)];
            var append = new StoreOp.Append(thread, MessageId.New(DateTimeOffset.UtcNow), s_body, s_hash);
            var result = await stores[caller % stores.Count].CommitAsync(new StoreCommit(ShardKey.Of(thread), [append]), default);
            if (result.Status != HubStatus.Ok)
                throw new InvalidOperationException($"The append ended as {result.Status}.");
        });
    }

    private static double Group(StoreStatistics before, StoreStatistics after) =>
        (double)(after.Operations - before.Operations) / Math.Max(1, after.Commits - before.Commits);
}
