using AgentFlow.Store;
using static AgentFlow.Runtime.Tests.Store.StoreData;

namespace AgentFlow.Runtime.Tests.Store;

/// <summary>What every store of agents must do, whatever it is built on (S1 to S9 of the delivery design). One instance has one store, empty at first.</summary>
public abstract partial class AgentStoreContract : IAsyncLifetime
{
    private IAgentStore? _store;

    private protected IAgentStore Store => _store ?? throw new InvalidOperationException("The store is not open.");

    private protected StandingClock Clock { get; } = new();

    private protected AgentId Agent { get; } = StoreData.Agent();

    private protected ThreadId Thread { get; } = StoreData.Thread();

    private protected static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _store = await OpenAsync();

    public async ValueTask DisposeAsync()
    {
        if (_store is not null)
            await _store.DisposeAsync();
        await DeleteAsync();
        GC.SuppressFinalize(this);
    }

    /// <summary>Opens the data of this instance, also for a second time.</summary>
    private protected abstract ValueTask<IAgentStore> OpenAsync();

    /// <summary>Removes the data of this instance.</summary>
    protected abstract ValueTask DeleteAsync();

    /// <summary>Closes the store and opens it again: what is not durable is gone.</summary>
    private protected async ValueTask ReopenAsync()
    {
        await Store.DisposeAsync();
        _store = await OpenAsync();
    }

    private protected ValueTask<AgentCommitResult> CommitAsync(long? expectVersion, params AgentOp[] operations) =>
        Store.CommitAsync(StoreData.Commit(Agent, Thread, expectVersion, operations), Cancel);

    private protected async ValueTask CreateAsync(params AgentOp[] operations)
    {
        var result = await CommitAsync(0, [new AgentOp.CreateThread(Start, "Deploy shop"), .. operations]);
        Assert.Equal(AgentCommitStatus.Committed, result.Status);
        Assert.Equal(1, result.Version);
    }

    private protected async ValueTask<ThreadRow> LoadAsync()
    {
        var row = await Store.LoadThreadAsync(Agent, Thread, Cancel);
        Assert.NotNull(row);
        return row;
    }
}
