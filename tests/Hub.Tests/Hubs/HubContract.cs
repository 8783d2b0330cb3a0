using AgentFlow.Hub.Stores;
using AgentFlow.Hub.Tests.Helpers;
using AgentFlow.Protocol.Hub;

namespace AgentFlow.Hub.Tests.Hubs;

/// <summary>What a hub does, over every store.</summary>
public abstract partial class HubContract : IAsyncLifetime
{
    private InProcessHub? _hub;

    private protected ManualTime Time { get; } = new();

    private protected HubActor Alice { get; } = new("alice", 1);

    private protected HubActor Bob { get; } = new("bob", 2);

    private protected InProcessHub Hub => _hub!;

    private protected FaultyStore? Faults { get; private set; }

    private protected static CancellationToken Token => TestContext.Current.CancellationToken;

    private protected virtual bool TrustOwnProcess => false;

    private protected virtual int CachedAgents => 1024;

    public virtual async ValueTask InitializeAsync() => await StartAsync();

    public virtual async ValueTask DisposeAsync()
    {
        await _hub!.DisposeAsync();
        Alice.Dispose();
        Bob.Dispose();
        GC.SuppressFinalize(this);
    }

    private protected abstract IEnvelopeStore CreateStore();

    private protected async Task StartAsync()
    {
        Faults = new FaultyStore(CreateStore());
        var options = new HubOptions { TimeProvider = Time, SnapshotEvery = 4, TrustOwnProcess = TrustOwnProcess, CachedAgents = CachedAgents };
        _hub = await InProcessHub.StartAsync(Faults, options, Token);
    }

    private protected async Task RestartAsync()
    {
        await _hub!.DisposeAsync();
        await StartAsync();
    }

    private protected async Task<HubThread> CreateThreadAsync(int id = 1)
    {
        Assert.Equal(HubStatus.Ok, await Hub.RegisterAgentAsync(Alice.Registration, Token));
        Assert.Equal(HubStatus.Ok, await Hub.RegisterAgentAsync(Bob.Registration, Token));
        var thread = new HubThread(Alice, Bob);
        Assert.Equal(AppendResult.Appended(1), await Hub.CreateThreadAsync(thread.Id, Make.Message(id), thread.Genesis, Token));
        return thread;
    }

    private protected async Task AppendAsync(HubThread thread, int id, long position, byte[] envelope) =>
        Assert.Equal(AppendResult.Appended(position), await Hub.AppendAsync(thread.Id, Make.Message(id), envelope, Token));
}
