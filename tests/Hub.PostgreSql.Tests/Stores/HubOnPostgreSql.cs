using AgentFlow.Hub.PostgreSql.Tests.Server;
using AgentFlow.Hub.Stores;
using AgentFlow.Hub.Tests.Hubs;

namespace AgentFlow.Hub.PostgreSql.Tests.Stores;

public sealed class HubOnPostgreSql : HubContract
{
    private TestDatabase? _database;

    private protected override bool IsDurable => true;

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
