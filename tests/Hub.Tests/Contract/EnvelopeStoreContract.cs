using AgentFlow.Hub.Stores;
using AgentFlow.Hub.Tests.Helpers;
using AgentFlow.Hub.Wakes;
using AgentFlow.Protocol.Hub;

namespace AgentFlow.Hub.Tests.Contract;

/// <summary>What every store must do. The number in front of a group is the one of the semantics (C1 to C14); every store runs all of them, with and without hints.</summary>
public abstract partial class EnvelopeStoreContract : IAsyncLifetime
{
    private IEnvelopeStore? _store;

    private protected ManualTime Time { get; } = new();

    private protected IEnvelopeStore Store => _store!;

    private protected static CancellationToken Token => TestContext.Current.CancellationToken;

    private protected virtual IWakeBus Wakes { get; } = new InProcessWakes();

    public virtual async ValueTask InitializeAsync()
    {
        _store = CreateStore();
        await _store.OpenAsync(Token);
    }

    public virtual async ValueTask DisposeAsync()
    {
        await _store!.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    private protected abstract IEnvelopeStore CreateStore();

    private protected ValueTask<StoreResult> CommitAsync(params StoreOp[] ops) => CommitAsync(null, ops);

    private protected ValueTask<StoreResult> CommitAsync(Fence? fence, params StoreOp[] ops) =>
        Store.CommitAsync(new StoreCommit(ops.Select(o => o.Shard).FirstOrDefault(s => s is not null) ?? default, ops, fence), Token);

    private protected async Task<StoreResult> DoAsync(params StoreOp[] ops)
    {
        var result = await CommitAsync(ops);
        Assert.Equal(HubStatus.Ok, result.Status);
        return result;
    }

    private protected Task<StoreResult> CreateThreadAsync(int thread, params int[] members) =>
        DoAsync(Make.Create(thread), Make.Members(thread, members));

    private protected ValueTask<ThreadPage> ReadAsync(int thread, long after = 0, int maxCount = 1000, int maxBytes = int.MaxValue) =>
        Store.ReadThreadAsync(Make.Thread(thread), after, maxCount, maxBytes, Token);

    private protected async Task<long> HeadAsync(int thread) => (await ReadAsync(thread)).Head;

    private protected async Task<InboxEntry?> InboxAsync(int agent, int thread) => await Store.GetInboxAsync(Make.Agent(agent), Make.Thread(thread), Token);
}
