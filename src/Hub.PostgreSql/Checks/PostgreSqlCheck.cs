using AgentFlow.Hub.Checks;
using AgentFlow.Hub.PostgreSql.Connections;
using AgentFlow.Storage;

namespace AgentFlow.Hub.PostgreSql.Checks;

/// <summary>Checks the store of hubs in a PostgreSQL database.</summary>
public static class PostgreSqlCheck
{
    /// <summary>
    /// Reads every log: positions are dense up to the head, bodies are the ones that were appended, and no inbox has acknowledged more than there is. Hubs may
    /// use the database.
    /// </summary>
    /// <param name="options">Where the database is.</param>
    /// <param name="cancellationToken">Cancels the check.</param>
    /// <returns>Every thread, in the order of their ids.</returns>
    /// <exception cref="StorageException">The database cannot be read.</exception>
    public static IAsyncEnumerable<ThreadReport> RunAsync(PostgreSqlOptions options, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(options);
        return StoreCheck.RunAsync(new PostgreSqlLogSource(new Database(options)), cancellationToken);
    }
}
