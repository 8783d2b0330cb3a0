using AgentFlow.Hub.Checks;
using AgentFlow.Storage;

namespace AgentFlow.Hub.Sqlite;

/// <summary>Checks the store of a hub in a SQLite database.</summary>
public static class SqliteCheck
{
    /// <summary>
    /// Reads every log: positions are dense up to the head, bodies are the ones that were appended, and no inbox has acknowledged more than there is. A hub may
    /// have the database open.
    /// </summary>
    /// <param name="file">The database.</param>
    /// <param name="cancellationToken">Cancels the check.</param>
    /// <returns>Every thread, in the order of their ids.</returns>
    /// <exception cref="StorageException">There is no such database, or it cannot be read.</exception>
    public static IAsyncEnumerable<ThreadReport> RunAsync(string file, CancellationToken cancellationToken) =>
        StoreCheck.RunAsync(new SqliteLogSource(SqliteReader.Open(file, new SqliteOptions())), cancellationToken);
}
