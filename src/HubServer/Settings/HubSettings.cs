namespace AgentFlow.HubServer.Settings;

/// <summary>What a hub process was asked to be.</summary>
public sealed record HubSettings
{
    /// <summary>The name of the variable that holds the connection string of PostgreSQL: a secret has no place on a command line.</summary>
    public const string ConnectionVariable = Setting.VariablePrefix + "POSTGRESQL";

    /// <summary>Where it stores.</summary>
    public required StoreKind Store { get; init; }

    /// <summary>The folder of the SQLite store.</summary>
    public required string Directory { get; init; }

    /// <summary>The connection string of PostgreSQL, or null.</summary>
    public string? Postgresql { get; init; }

    /// <summary>The connection string of the connection that listens, or null.</summary>
    public string? PostgresqlListen { get; init; }

    /// <summary>The addresses to listen on.</summary>
    public required IReadOnlyList<string> Urls { get; init; }

    /// <summary>The address for health checks over HTTP/1.1, or null.</summary>
    public string? HealthUrl { get; init; }

    /// <summary>The file of the certificate, or null.</summary>
    public string? TlsCertificate { get; init; }

    /// <summary>The file of its key, or null.</summary>
    public string? TlsKey { get; init; }

    /// <summary>Whether a proxy in front ends TLS.</summary>
    public bool IsBehindProxy { get; init; }

    /// <summary>The addresses that callers dial; empty where they dial what the process listens on.</summary>
    public IReadOnlyList<string> Origins { get; init; } = [];

    /// <summary>How many calls of one agent are taken each second; 0 for all.</summary>
    public int AgentRate { get; init; }

    /// <summary>How many calls without a good token are taken from one address each second; 0 for all.</summary>
    public int AddressRate { get; init; }

    /// <summary>How long bodies stay in new threads, or null.</summary>
    public TimeSpan? Retention { get; init; }

    /// <summary>How often what has expired is removed.</summary>
    public TimeSpan SweepInterval { get; init; }

    /// <summary>The most rows that one transaction removes.</summary>
    public int SweepRows { get; init; }

    /// <summary>How long the process goes on after readiness turned red.</summary>
    public TimeSpan DrainDelay { get; init; }

    /// <summary>How long calls may take to end.</summary>
    public TimeSpan DrainTimeout { get; init; }

    /// <summary>Where telemetry goes, or null.</summary>
    public Uri? OtlpEndpoint { get; init; }
}
