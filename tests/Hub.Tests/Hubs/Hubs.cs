using AgentFlow.Hub.Memory;
using AgentFlow.Hub.Sqlite;
using AgentFlow.Hub.Stores;
using AgentFlow.Hub.Tests.Helpers;
using AgentFlow.Hub.Wakes;
using AgentFlow.Storage;

namespace AgentFlow.Hub.Tests.Hubs;

public class HubInMemory : HubContract
{
    private protected override IEnvelopeStore CreateStore() => new MemoryEnvelopeStore(Time);
}

public sealed class HubInMemoryWithoutHints : HubContract
{
    private protected override IEnvelopeStore CreateStore() => new MemoryEnvelopeStore(Time, new SilentWakes());
}

public sealed class HubThatTrustsItsProcess : HubInMemory
{
    private protected override bool TrustOwnProcess => true;
}

/// <summary>Its members are more than the identity logs that it keeps in memory.</summary>
public sealed class HubWithSmallMemory : HubInMemory
{
    private protected override int CachedAgents => 1;
}

public sealed class HubOnSqlite : HubContract
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
