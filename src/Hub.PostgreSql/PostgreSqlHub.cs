using AgentFlow.Protocol.Hub;
using AgentFlow.Storage;

namespace AgentFlow.Hub.PostgreSql;

/// <summary>The hub of one process among several on the same PostgreSQL database.</summary>
/// <example><code>
/// builder.AddAgentFlow().UseSqlite().UseHub((_, clock, stop) => PostgreSqlHub.OpenAsync("Host=db;Database=agentflow", clock, stop));
/// </code></example>
public static class PostgreSqlHub
{
    /// <summary>
    /// Opens the hub, and creates or updates its tables. Its only clients are this process's agents, who verify every signature: it leaves that check to them.
    /// </summary>
    /// <param name="connectionString">Where the database is.</param>
    /// <param name="clock">The clock by which the hub polls. What it writes carries the time of the database.</param>
    /// <param name="cancellationToken">Cancels the opening.</param>
    /// <exception cref="StorageException">The database cannot be opened; the message says what to change.</exception>
    public static ValueTask<IHub> OpenAsync(string connectionString, TimeProvider clock, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(connectionString);
        return OpenAsync(new PostgreSqlOptions { ConnectionString = connectionString }, clock, cancellationToken);
    }

    /// <inheritdoc cref="OpenAsync(string, TimeProvider, CancellationToken)"/>
    /// <param name="options">Where the database is, and how to use it.</param>
    /// <param name="clock">The clock by which the hub polls. What it writes carries the time of the database.</param>
    /// <param name="cancellationToken">Cancels the opening.</param>
    public static ValueTask<IHub> OpenAsync(PostgreSqlOptions options, TimeProvider clock, CancellationToken cancellationToken) =>
        OpenAsync(options, clock, trustOwnProcess: true, cancellationToken);

    /// <summary>Opens a hub whose clients are other processes too: it checks the signature of every envelope.</summary>
    /// <param name="options">Where the database is, and how to use it.</param>
    /// <param name="clock">The clock by which the hub polls. What it writes carries the time of the database.</param>
    /// <param name="cancellationToken">Cancels the opening.</param>
    /// <exception cref="StorageException">The database cannot be opened; the message says what to change.</exception>
    public static ValueTask<IHub> OpenSharedAsync(PostgreSqlOptions options, TimeProvider clock, CancellationToken cancellationToken) =>
        OpenAsync(options, clock, trustOwnProcess: false, cancellationToken);

    private static async ValueTask<IHub> OpenAsync(PostgreSqlOptions options, TimeProvider clock, bool trustOwnProcess, CancellationToken cancellationToken)
    {
        var store = new PostgreSqlEnvelopeStore(options);
        return await InProcessHub.StartAsync(store, new HubOptions { TimeProvider = clock, TrustOwnProcess = trustOwnProcess }, cancellationToken).ConfigureAwait(false);
    }
}
