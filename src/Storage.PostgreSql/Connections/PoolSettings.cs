namespace AgentFlow.Storage.PostgreSql.Connections;

/// <summary>How a store uses its connections.</summary>
/// <param name="ConnectionString">Where the database is.</param>
/// <param name="MaxConnections">The most connections of the pool.</param>
/// <param name="StatementTimeout">After what time the server gives a statement up.</param>
/// <param name="LockTimeout">How long a statement waits for a row that another process has locked.</param>
/// <param name="ApplicationName">The name that the server shows, unless the connection string gives one.</param>
internal sealed record PoolSettings(string ConnectionString, int MaxConnections, TimeSpan StatementTimeout, TimeSpan LockTimeout, string ApplicationName)
{
    /// <summary>The schema in which names without one are looked up, or null for the server's default.</summary>
    public string? SearchPath { get; init; }
}
