using AgentFlow.Hub.PostgreSql.Tests.Server;
using AgentFlow.Hub.Stores;
using AgentFlow.Hub.Tests.Hubs;
using AgentFlow.Protocol.Hub;

namespace AgentFlow.Hub.PostgreSql.Tests.Stores;

public sealed class HubOnPostgreSql : HubContract
{
    private TestDatabase? _database;

    private protected override bool IsDurable => true;

    [Fact]
    public async Task An_app_opens_it_in_one_line()
    {
        Func<string, TimeProvider, CancellationToken, ValueTask<IHub>> open = (_, clock, stop) => PostgreSqlHub.OpenAsync(_database!.Options(), clock, stop);
        var hub = await open("", TimeProvider.System, Token);
        await using var disposing = (IAsyncDisposable)hub;

        Assert.Equal(HubStatus.Ok, await hub.RegisterAgentAsync(Alice.Registration, Token));
        Assert.Equal(Alice.Agent, await Hub.ResolveNameAsync("alice", Token));
    }

    public override async ValueTask InitializeAsync()
    {
        _database = await TestServer.RentDatabaseAsync();
        await base.InitializeAsync();
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await _database!.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    private protected override IEnvelopeStore CreateStore() => new PostgreSqlEnvelopeStore(_database!.Options(Time));
}
