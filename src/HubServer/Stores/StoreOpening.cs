using AgentFlow.Hub.Memory;
using AgentFlow.Hub.PostgreSql;
using AgentFlow.Hub.Sqlite;
using AgentFlow.Hub.Stores;
using AgentFlow.HubServer.Settings;
using AgentFlow.Storage;

namespace AgentFlow.HubServer.Stores;

/// <summary>The store that the settings name.</summary>
internal static class StoreOpening
{
    public static string FileIn(string directory) => Path.Combine(directory, "hub.db");

    /// <summary>A store that is not open yet.</summary>
    public static IEnvelopeStore Create(HubSettings settings, TimeProvider clock) => settings.Store switch
    {
        StoreKind.Postgresql => new PostgreSqlEnvelopeStore(OptionsOf(settings)),
        StoreKind.Memory => new MemoryEnvelopeStore(clock),
        _ => new SqliteEnvelopeStore(FileIn(settings.Directory), new SqliteOptions { TimeProvider = clock }),
    };

    public static PostgreSqlOptions OptionsOf(HubSettings settings) =>
        new() { ConnectionString = settings.Postgresql!, ListenConnectionString = settings.PostgresqlListen };

    /// <summary>Where the store is, in words. Never the connection string: it holds a password.</summary>
    public static string Describe(HubSettings settings) => settings.Store switch
    {
        StoreKind.Postgresql => "postgresql",
        StoreKind.Memory => "memory",
        _ => $"sqlite in {settings.Directory}",
    };
}
