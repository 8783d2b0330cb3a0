using AgentFlow.PostgreSql.Leases;
using AgentFlow.PostgreSql.Reads;
using AgentFlow.PostgreSql.Schema;
using AgentFlow.Storage;
using AgentFlow.Storage.PostgreSql.Connections;
using AgentFlow.Storage.PostgreSql.Schema;
using AgentFlow.Store;
using AgentFlow.Store.Rows;
using AgentFlow.Store.Sealing;
using Npgsql;

namespace AgentFlow.PostgreSql;

/// <summary>
/// The agents' store in a PostgreSQL database that the processes of one app share. What it stores is sealed as in the SQLite store, to the byte.
/// </summary>
internal sealed partial class PostgreSqlAgentStore : IAgentStore
{
    private readonly ConnectionPool _pool;
    private readonly RecordSealer _device;
    private readonly TimeProvider _clock;
    private readonly SealerCache _sealers = new();
    private readonly CommitPreparer _preparer;
    private readonly AgentQueries _agents;
    private readonly ThreadQueries _threads;
    private readonly WorkQueries _work;
    private readonly CrossThreadQueries _crossThread;

    private PostgreSqlAgentStore(ConnectionPool pool, RecordSealer device, TimeProvider clock)
    {
        (_pool, _device, _clock) = (pool, device, clock);
        _preparer = new CommitPreparer(device);
        _agents = new AgentQueries(pool, device);
        _threads = new ThreadQueries(pool, device);
        _work = new WorkQueries(pool, device);
        _crossThread = new CrossThreadQueries(pool, device);
        Leases = new PostgreSqlThreadLeases(pool);
    }

    /// <inheritdoc/>
    public IThreadLeases Leases { get; }

    /// <summary>Opens or creates the store.</summary>
    /// <param name="options">Where the database is, and how to use it.</param>
    /// <param name="openKey">Opens the key that the store is sealed under, given where its sealed form lies.</param>
    /// <param name="clock">The clock of what is stamped; leases go by the clock of the database.</param>
    /// <param name="cancellationToken">Cancels the opening.</param>
    /// <exception cref="AgentStoreException">The store is sealed under another key.</exception>
    /// <exception cref="KeyException">The key cannot be had.</exception>
    /// <exception cref="StorageException">The database cannot be reached, or cannot serve; the message says what to change.</exception>
    public static async ValueTask<PostgreSqlAgentStore> OpenAsync(
        PostgreSqlStoreOptions options, Func<ConnectionPool, CancellationToken, ValueTask<DeviceStorageKey>> openKey, TimeProvider clock,
            CancellationToken cancellationToken)
    {
        AgentFailPoints.EnsureRegistered();
        options.Check();
        var settings = new PoolSettings(options.ConnectionString, options.MaxConnections, options.StatementTimeout, options.LockTimeout, "agentflow-agents")
        {
            SearchPath = options.Schema,
        };
        var pool = new ConnectionPool(settings);
        RecordSealer? device = null;
        try
        {
            await UpdateSchemaAsync(pool, options, cancellationToken).ConfigureAwait(false);
            using (var key = await openKey(pool, cancellationToken).ConfigureAwait(false))
                device = RecordSealer.ForDevice(key);
            if (!await IsOursAsync(pool, device, cancellationToken).ConfigureAwait(false))
                throw AgentStoreException.WrongKey($"schema {options.Schema}");
            return new PostgreSqlAgentStore(pool, device, clock);
        }
        catch
        {
            device?.Dispose();
            await pool.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _pool.DisposeAsync().ConfigureAwait(false);
        _sealers.Clear();
        _device.Dispose();
    }

    private static async Task UpdateSchemaAsync(ConnectionPool pool, PostgreSqlStoreOptions options, CancellationToken cancellationToken)
    {
        try
        {
            await using var connection = await pool.ConnectAsync(cancellationToken).ConfigureAwait(false);
            await ServerCheck.RunAsync(connection, options.AllowUnsafeServer, cancellationToken).ConfigureAwait(false);
            await SchemaUpdate.RunAsync(connection, options.Schema, AgentSchemaSteps.All, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (Failures.IsOfDatabase(e))
        {
            throw new StorageException(
                StorageErrorKind.Unavailable,
                $"PostgreSQL cannot be opened: {e.Message} Check that the server runs, and host, port, user, password and database of the connection string.",
                e);
        }
    }

    /// <summary>Sets or checks the store's mark. Of processes that set it at once the first wins, and the others check against that one.</summary>
    private static async Task<bool> IsOursAsync(ConnectionPool pool, RecordSealer device, CancellationToken cancellationToken)
    {
        await pool.QueryAsync(
            "INSERT INTO mark(body) VALUES($1) ON CONFLICT DO NOTHING", [Parameters.Of(device.Seal(RecordSlot.Mark, default, default))],
            static (_, _) => Task.FromResult(true), cancellationToken).ConfigureAwait(false);
        byte[] mark = await pool.QueryAsync("SELECT body FROM mark", [], ReadOneAsync, cancellationToken).ConfigureAwait(false);
        return device.TryOpen(RecordSlot.Mark, default, mark) is not null;
    }

    private static async Task<byte[]> ReadOneAsync(NpgsqlDataReader reader, CancellationToken cancellationToken) =>
        await reader.ReadAsync(cancellationToken).ConfigureAwait(false) ? reader.GetBlob(0) : [];
}
