namespace AgentFlow.HubServer.Settings;

/// <summary>Where a hub keeps what it stores.</summary>
public enum StoreKind
{
    /// <summary>One file on this machine; one process.</summary>
    Sqlite,

    /// <summary>A database that any number of hubs share.</summary>
    Postgresql,

    /// <summary>Nowhere: what it stored is gone with the process.</summary>
    Memory,
}
