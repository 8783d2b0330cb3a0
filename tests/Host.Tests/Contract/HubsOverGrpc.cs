using AgentFlow.Host.Tests.Servers;
using AgentFlow.Hub;
using AgentFlow.Hub.Memory;
using AgentFlow.Hub.Sqlite;
using AgentFlow.Hub.Stores;
using AgentFlow.Hub.Tests.Helpers;
using AgentFlow.Hub.Tests.Hubs;
using AgentFlow.Protocol.Hub;
using AgentFlow.Storage;

namespace AgentFlow.Host.Tests.Contract;

/// <summary>What a hub does, through the client and the server, over a socket.</summary>
public class MemoryHubOverGrpc : HubContract
{
    private LoopbackServer? _server;
    private readonly HubActor _stranger = new("stranger", 90);
    private readonly HubActor _eve = new("eve", 7);
    private GrpcHub? _client;

    private protected virtual GrpcHubOptions Options => new();

    private protected override bool AsksWhoCalls => true;

    private protected override IEnvelopeStore CreateStore() => new MemoryEnvelopeStore(Time);

    private protected override async ValueTask<IHub> ConnectAsync(InProcessHub hub)
    {
        _server = await LoopbackServer.StartAsync(hub);
        _client = GrpcHub.Connect(_server.Address, Options);
        await _client.RegisterAgentAsync(_stranger.Registration, Token);
        return new HubOfActors(_client, _stranger, Alice, Bob, _eve);
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        _stranger.Dispose();
        _eve.Dispose();
        GC.SuppressFinalize(this);
    }

    private protected override async ValueTask DisconnectAsync()
    {
        if (_client is not null)
            await _client.DisposeAsync();
        if (_server is not null)
            await _server.DisposeAsync();
        (_client, _server) = (null, null);
    }
}

public sealed class MemoryHubOverGrpcWithGzip : MemoryHubOverGrpc
{
    private protected override GrpcHubOptions Options => new() { UseGzip = true };
}

public sealed class SqliteHubOverGrpc : MemoryHubOverGrpc
{
    private readonly TestDirectory _directory = new();

    private protected override bool IsDurable => true;

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        _directory.Dispose();
        GC.SuppressFinalize(this);
    }

    private protected override IEnvelopeStore CreateStore() => new SqliteEnvelopeStore(_directory.Database, new SqliteOptions { TimeProvider = Time });
}
