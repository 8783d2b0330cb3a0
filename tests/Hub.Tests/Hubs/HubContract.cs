using AgentFlow.Hub.Stores;
using AgentFlow.Hub.Tests.Helpers;
using AgentFlow.Protocol.Hub;

namespace AgentFlow.Hub.Tests.Hubs;

/// <summary>What a hub does, over every store.</summary>
public abstract partial class HubContract : IAsyncLifetime
{
    private InProcessHub? _server;
    private IHub? _hub;

    private protected ManualTime Time { get; } = new();

    private protected HubActor Alice { get; } = new("alice", 1);

    private protected HubActor Bob { get; } = new("bob", 2);

    /// <summary>The hub as its user sees it.</summary>
    private protected IHub Hub => _hub!;

    private protected FaultyStore? Faults { get; private set; }

    private protected static CancellationToken Token => TestContext.Current.CancellationToken;

    private protected virtual bool TrustOwnProcess => false;

    /// <summary>Whether only agents that are registered get an answer.</summary>
    private protected virtual bool AsksWhoCalls => false;

    private protected virtual int CachedAgents => 1024;

    private protected TimeSpan? Retention { get; set; }

    public virtual async ValueTask InitializeAsync() => await StartAsync();

    public virtual async ValueTask DisposeAsync()
    {
        await StopAsync();
        Alice.Dispose();
        Bob.Dispose();
        GC.SuppressFinalize(this);
    }

    private protected abstract IEnvelopeStore CreateStore();

    /// <summary>Puts something between the hub and its user.</summary>
    private protected virtual ValueTask<IHub> ConnectAsync(InProcessHub hub) => ValueTask.FromResult<IHub>(hub);

    /// <summary>Takes it away again; may be called twice.</summary>
    private protected virtual ValueTask DisconnectAsync() => ValueTask.CompletedTask;

    private protected async Task StartAsync()
    {
        Faults = new FaultyStore(CreateStore());
        var options = new HubOptions
        {
            TimeProvider = Time, SnapshotEvery = 4, TrustOwnProcess = TrustOwnProcess, CachedAgents = CachedAgents, Retention = Retention,
        };
        _server = await InProcessHub.StartAsync(Faults, options, Token);
        _hub = await ConnectAsync(_server);
    }

    private protected async Task StopAsync()
    {
        await DisconnectAsync();
        await _server!.DisposeAsync();
    }

    private protected async Task RestartAsync()
    {
        await StopAsync();
        await StartAsync();
    }

    private protected ValueTask DrainAsync() => _server!.DrainAsync(Token);

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
