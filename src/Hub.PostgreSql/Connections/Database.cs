using AgentFlow.Storage.PostgreSql.Connections;

namespace AgentFlow.Hub.PostgreSql.Connections;

/// <summary>The hub's connections to its database, and its view of the database's clock.</summary>
internal sealed class Database(PostgreSqlOptions options) : ConnectionPool(new PoolSettings(
    options.ConnectionString, options.Lanes + options.MaxReadConnections + 2, options.StatementTimeout, options.LockTimeout, "agentflow-hub"))
{
    public DatabaseClock Clock { get; } = new(options.Clock);
}
