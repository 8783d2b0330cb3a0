namespace AgentFlow.HubServer.Settings;

/// <summary>Where a hub keeps what it stores.</summary>
public enum StoreKind
{
    /// <summary>One file on this machine; one process.</summary>
    Sqlite,

    /// <summary>A database that any number of hubs share.</summary>
    PostgreSql,

    /// <summary>Nowhere: what it stored is gone with the process.</summary>
    Memory,
}

/// <summary>What a hub process was asked to be.</summary>
public sealed record HubSettings
{
    /// <summary>The name of the variable that holds the connection string of PostgreSQL: a secret has no place on a command line.</summary>
    public const string ConnectionVariable = "AGENTFLOW_HUB_POSTGRESQL";

    /// <summary>Where it stores.</summary>
    public StoreKind Store { get; init; }

    /// <summary>The folder of the SQLite store.</summary>
    public required string Directory { get; init; }

    /// <summary>The connection string of PostgreSQL, or null.</summary>
    public string? PostgreSql { get; init; }

    /// <summary>The addresses to listen on, separated by semicolons.</summary>
    public required string Urls { get; init; }

    /// <summary>Whether a proxy in front ends TLS.</summary>
    public bool IsBehindProxy { get; init; }

    /// <summary>The addresses that callers dial; empty where they dial what the process listens on.</summary>
    public IReadOnlyList<string> Origins { get; init; } = [];

    /// <summary>What is wrong with the settings and how to mend it, or null.</summary>
    public string? Fault()
    {
        if (Store == StoreKind.PostgreSql && string.IsNullOrWhiteSpace(PostgreSql))
            return $"--store postgresql needs the database: set {ConnectionVariable}, for example to Host=db;Username=agentflow;Database=agentflow.";
        foreach (string url in Urls.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            if (!Uri.TryCreate(url, UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https"))
                return $"--urls: '{url}' is no address. Give scheme, host and port, such as http://127.0.0.1:5080.";
        }

        return Urls.Trim(' ', ';').Length == 0 ? "--urls is empty. Give an address, such as http://127.0.0.1:5080." : null;
    }
}
