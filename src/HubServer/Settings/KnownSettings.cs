namespace AgentFlow.HubServer.Settings;

/// <summary>Every setting of the hub.</summary>
public static class KnownSettings
{
    /// <summary>Where it stores.</summary>
    public static Setting Store { get; } = new("Store", "sqlite", "Where to keep what is stored: sqlite, postgresql or memory.");

    /// <summary>The folder of the SQLite store.</summary>
    public static Setting Data { get; } = new("Data", ".agentflow", "The folder of the SQLite store.");

    /// <summary>The connection string of PostgreSQL.</summary>
    public static Setting Postgresql { get; } = new("Postgresql", "", "The connection string of PostgreSQL.") { IsSecret = true };

    /// <summary>The connection string of the connection that listens.</summary>
    public static Setting PostgresqlListen { get; } = new(
        "PostgresqlListen", "", "A connection string to the same database past a pooler by transaction, for the one connection that listens.") { IsSecret = true };

    /// <summary>Where it listens.</summary>
    public static Setting Urls { get; } = new("Urls", "http://127.0.0.1:5080", "Where to listen, separated by semicolons.");

    /// <summary>Where it answers health checks over HTTP/1.1.</summary>
    public static Setting HealthUrl { get; } = new(
        "HealthUrl", "", "One more address, for health checks over HTTP/1.1; cleartext gRPC and HTTP/1.1 do not share one.");

    /// <summary>The certificate.</summary>
    public static Setting TlsCertificate { get; } = new("TlsCertificate", "", "The file of the certificate of https addresses, in PEM, with its chain.");

    /// <summary>The key of the certificate.</summary>
    public static Setting TlsKey { get; } = new("TlsKey", "", "The file of the certificate's private key, in PEM.");

    /// <summary>Whether a proxy ends TLS.</summary>
    public static Setting BehindProxy { get; } = new(
        "BehindProxy", "false", "A proxy in front ends TLS, so cleartext from other machines is accepted.") { IsSwitch = true };

    /// <summary>What callers dial.</summary>
    public static Setting Origin { get; } = new(
        "Origin", "", "The addresses that callers dial, separated by semicolons; needed behind a proxy and where --urls name no host.");

    /// <summary>How often an agent may call.</summary>
    public static Setting AgentRate { get; } = new(
        "AgentRate", "2000", "How many calls and appends of one agent are taken each second; five times as many at once. 0: as many as come.");

    /// <summary>How often a stranger may call.</summary>
    public static Setting AddressRate { get; } = new(
        "AddressRate", "200", "How many calls without a good token are taken from one address each second; five times as many at once. 0: as many as come.");

    /// <summary>How long bodies stay.</summary>
    public static Setting Retention { get; } = new(
        "Retention", "", "After what time the bodies of envelopes are removed, in threads created from now on; empty: never.");

    /// <summary>How often expired bodies are removed.</summary>
    public static Setting SweepInterval { get; } = new("SweepInterval", "1m", "How often to remove what has expired.");

    /// <summary>How much is removed at once.</summary>
    public static Setting SweepRows { get; } = new("SweepRows", "1000", "The most rows that one transaction removes.");

    /// <summary>How long it is not ready before it stops to listen.</summary>
    public static Setting DrainDelay { get; } = new("DrainDelay", "0s", "How long to go on after readiness turned red, so that load balancers notice.");

    /// <summary>How long calls may take to end.</summary>
    public static Setting DrainTimeout { get; } = new("DrainTimeout", "30s", "How long calls under way may take to end when the process is asked to stop.");

    /// <summary>Where telemetry goes.</summary>
    public static Setting OtlpEndpoint { get; } = new(
        "OtlpEndpoint", "", "Where traces and metrics are sent by OTLP; empty: OTEL_EXPORTER_OTLP_ENDPOINT, else nowhere.");

    /// <summary>All of them.</summary>
    public static IReadOnlyList<Setting> All { get; } =
    [
        Store, Data, Postgresql, PostgresqlListen, Urls, HealthUrl, TlsCertificate, TlsKey, BehindProxy, Origin, AgentRate, AddressRate, Retention,
        SweepInterval, SweepRows, DrainDelay, DrainTimeout, OtlpEndpoint,
    ];
}
