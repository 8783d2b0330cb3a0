using AgentFlow.Hub.Sqlite;
using AgentFlow.Protocol.Hub;
using AgentFlow.Storage;

namespace AgentFlow.Hub;

/// <summary>A hub on SQLite: <c>hub.db</c> in a folder.</summary>
/// <example><code>builder.AddAgentFlow().UseSqlite().UseHub(SqliteHub.OpenAsync);</code></example>
public static class SqliteHub
{
    /// <summary>Opens or creates the hub. Its only clients are this process's agents, who verify every signature, so it leaves that check to them.</summary>
    /// <param name="directory">The folder.</param>
    /// <param name="clock">The clock of the store, and by which the hub polls.</param>
    /// <param name="cancellationToken">Cancels the opening.</param>
    /// <exception cref="StorageException">The database cannot be opened; another process may have it.</exception>
    public static ValueTask<IHub> OpenAsync(string directory, TimeProvider clock, CancellationToken cancellationToken) =>
        OpenAsync(directory, clock, trustOwnProcess: true, cancellationToken);

    /// <summary>Opens or creates a hub whose clients are other processes too: it checks the signature of every envelope.</summary>
    /// <param name="directory">The folder.</param>
    /// <param name="clock">The clock of the store, and by which the hub polls.</param>
    /// <param name="cancellationToken">Cancels the opening.</param>
    /// <exception cref="StorageException">The database cannot be opened; another process may have it.</exception>
    public static ValueTask<IHub> OpenSharedAsync(string directory, TimeProvider clock, CancellationToken cancellationToken) =>
        OpenAsync(directory, clock, trustOwnProcess: false, cancellationToken);

    private static async ValueTask<IHub> OpenAsync(string directory, TimeProvider clock, bool trustOwnProcess, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(directory);
        var store = new SqliteEnvelopeStore(Path.Combine(directory, "hub.db"), new SqliteOptions { TimeProvider = clock });
        var options = new HubOptions { TimeProvider = clock, TrustOwnProcess = trustOwnProcess };
        return await InProcessHub.StartAsync(store, options, cancellationToken).ConfigureAwait(false);
    }
}
