using AgentFlow.Hub.Sqlite;
using AgentFlow.Protocol.Hub;
using AgentFlow.Storage;

namespace AgentFlow.Hub;

/// <summary>The hub of one process: <c>hub.db</c> in a folder.</summary>
/// <example><code>builder.AddAgentFlow().UseSqlite().UseHub(SqliteHub.OpenAsync);</code></example>
public static class SqliteHub
{
    /// <summary>Opens or creates the hub. Its only clients are this process's agents, who verify every signature, so it leaves that check to them.</summary>
    /// <param name="directory">The folder.</param>
    /// <param name="clock">The clock of the store, and by which the hub polls.</param>
    /// <param name="cancellationToken">Cancels the opening.</param>
    /// <exception cref="StorageException">The database cannot be opened; another process may have it.</exception>
    public static async ValueTask<IHub> OpenAsync(string directory, TimeProvider clock, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(directory);
        var store = new SqliteEnvelopeStore(Path.Combine(directory, "hub.db"), new SqliteOptions { TimeProvider = clock });
        var options = new HubOptions { TimeProvider = clock, TrustOwnProcess = true };
        return await InProcessHub.StartAsync(store, options, cancellationToken).ConfigureAwait(false);
    }
}
