using AgentFlow.Hub.Memory;
using AgentFlow.Hub.Sqlite;
using AgentFlow.Hub.Stores;
using AgentFlow.Hub.Tests.Helpers;
using AgentFlow.Hub.Wakes;
using AgentFlow.Protocol.Hub;
using AgentFlow.Storage;

namespace AgentFlow.Hub.Tests.Contract;

public class MemoryStore : EnvelopeStoreContract
{
    [Fact]
    public void C12_Nothing_waits_in_memory_so_nothing_can_pile_up() =>
        Assert.True(Store.CommitAsync(new StoreCommit(ShardKey.Of(Make.Thread(1)), [Make.Create(1)]), Token).IsCompletedSuccessfully);

    private protected override IEnvelopeStore CreateStore() => new MemoryEnvelopeStore(Time, Wakes);
}

public sealed class MemoryStoreWithoutHints : MemoryStore
{
    private protected override IWakeBus Wakes { get; } = new SilentWakes();
}

public class SqliteFileStore : EnvelopeStoreContract
{
    private readonly TestDirectory _directory = new();

    [Fact]
    public async Task C2_What_was_answered_is_there_after_reopening_and_the_epoch_rises()
    {
        await CreateThreadAsync(1, 1);
        await DoAsync(Make.Append(1, 1));
        var lease = await Store.ClaimAsync(new ClaimRequest(ClaimKind.Inbox, new Guid("00000000-0000-0000-0000-00000000000a"), TimeSpan.FromMinutes(1), 1, Make.Agent(1), Make.Thread(1)), Token);
        var before = Store.Now;
        await Store.DisposeAsync();
        Time.SetBack(TimeSpan.FromHours(1));

        await using var again = CreateStore();
        var info = await again.OpenAsync(Token);
        Assert.Equal(2, info.Epoch);
        Assert.Equal(Make.Body(1), (await again.ReadThreadAsync(Make.Thread(1), 0, 10, 1000, Token)).Envelopes[0].Envelope.ToArray());
        Assert.True(again.Now >= before.AddSeconds(-1));
        Assert.Single(await again.ReadMembersAsync(Make.Thread(1), Token));
        Assert.Single(lease);
    }

    [Fact]
    public async Task C12_A_full_queue_answers_busy_and_recovers()
    {
        await CreateThreadAsync(1);
        var store = (SqliteEnvelopeStore)Store;
        using var gate = new ManualResetEventSlim();
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var blocked = store.Store.WriteAsync(
            _ =>
            {
                started.SetResult();
                gate.Wait();
                return 0;
            },
            CancellationToken.None).AsTask();
        await started.Task;
        var waiting = Enumerable.Range(1, Capacity).Select(i => CommitAsync(Make.Append(1, i)).AsTask()).ToList();
        var refused = await CommitAsync(Make.Append(1, Capacity + 1));
        gate.Set();
        await blocked;

        Assert.Equal(HubStatus.Busy, refused.Status);
        Assert.All(await Task.WhenAll(waiting), r => Assert.Equal(HubStatus.Ok, r.Status));
        Assert.Equal([Capacity + 1], (await DoAsync(Make.Append(1, Capacity + 1))).Values);
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        _directory.Dispose();
        GC.SuppressFinalize(this);
    }

    private const int Capacity = 500;

    private protected override IEnvelopeStore CreateStore() =>
        new SqliteEnvelopeStore(_directory.Database, new SqliteOptions { TimeProvider = Time, QueueCapacity = Capacity }, Wakes);
}

public sealed class SqliteFileStoreWithoutHints : SqliteFileStore
{
    private protected override IWakeBus Wakes { get; } = new SilentWakes();
}

public sealed class SqliteFileStoreWithTripledHints : SqliteFileStore
{
    private protected override IWakeBus Wakes { get; } = new TripledWakes();

    private sealed class TripledWakes : IWakeBus
    {
        private readonly InProcessWakes _inner = new();

        public IDisposable Subscribe(Action<WakeHint> listener) => _inner.Subscribe(listener);

        public void Publish(WakeHint hint)
        {
            for (int i = 0; i < 3; i++)
                _inner.Publish(hint);
        }
    }
}
