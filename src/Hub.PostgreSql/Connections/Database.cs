using System.Globalization;
using AgentFlow.Storage;
using Npgsql;

namespace AgentFlow.Hub.PostgreSql.Connections;

/// <summary>The pool of connections to one database, with the timeouts that every one of them has. Thread-safe.</summary>
internal sealed class Database : IAsyncDisposable
{
    private const int Attempts = 8;
    private readonly NpgsqlDataSource _pool;

    public Database(PostgreSqlOptions options)
    {
        var builder = Builder(options.ConnectionString);
        var text = builder.ConnectionStringBuilder;
        text.NoResetOnClose = true;
        text.MaxAutoPrepare = 0;
        text.MaxPoolSize = options.Lanes + options.MaxReadConnections + 2;
        text.CommandTimeout = (int)options.StatementTimeout.TotalSeconds + 5;
        text.TcpKeepAlive = true;
        text.TcpKeepAliveTime = 10;
        text.TcpKeepAliveInterval = 3;
        text.ApplicationName ??= "agentflow-hub";
        string settings = string.Create(CultureInfo.InvariantCulture, $"""
            SET statement_timeout={(long)options.StatementTimeout.TotalMilliseconds}; SET lock_timeout={(long)options.LockTimeout.TotalMilliseconds};
            SET idle_in_transaction_session_timeout=10000; SET default_transaction_isolation='read committed'
            """);
        builder.UsePhysicalConnectionInitializer(connection => Set(connection, settings), connection => SetAsync(connection, settings));
        _pool = builder.Build();
        Clock = new DatabaseClock(options.Clock);
    }

    public DatabaseClock Clock { get; }

    /// <exception cref="StorageException">The text is no connection string.</exception>
    public static NpgsqlDataSourceBuilder Builder(string connectionString)
    {
        try
        {
            var builder = new NpgsqlDataSourceBuilder(connectionString);
            // Only built-in types are used, so nothing has to be asked about types.
            builder.ConfigureTypeLoading(types => types.EnableTypeLoading(false));
            return builder;
        }
        catch (Exception e) when (e is ArgumentException or FormatException)
        {
            throw new StorageException(StorageErrorKind.Incompatible, $"The connection string is not one of PostgreSQL: {e.Message}", e);
        }
    }

    public ValueTask<NpgsqlConnection> ConnectAsync(CancellationToken cancellationToken) => _pool.OpenConnectionAsync(cancellationToken);

    /// <summary>
    /// Runs one prepared statement that may be done twice, and reads its rows. One that lost a race against another, or an old connection, is run again.
    /// </summary>
    /// <exception cref="StorageException">The database does not answer, or refuses.</exception>
    public async ValueTask<T> QueryAsync<T>(
        string sql, IReadOnlyList<NpgsqlParameter> parameters, Func<NpgsqlDataReader, CancellationToken, Task<T>> read, CancellationToken cancellationToken)
    {
        for (int attempt = 1; ; attempt++)
        {
            try
            {
                await using var connection = await ConnectAsync(cancellationToken).ConfigureAwait(false);
                await using var command = new NpgsqlCommand(sql, connection);
                foreach (var parameter in parameters)
                    command.Parameters.Add(parameter.Clone());
                await command.PrepareAsync(cancellationToken).ConfigureAwait(false);
                await using var reader = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
                return await read(reader, cancellationToken).ConfigureAwait(false);
            }
            catch (Exception e) when (Failures.IsOfDatabase(e) && attempt < (Failures.IsLostRace(e) ? Attempts : Failures.LeavesConnection(e) ? 0 : 2))
            {
                // The transaction that won is through; or the connection was an old one, and the pool makes a new one.
            }
            catch (Exception e) when (Failures.IsOfDatabase(e))
            {
                throw Failures.Wrap(e);
            }
        }
    }

    public ValueTask DisposeAsync() => _pool.DisposeAsync();

    private static void Set(NpgsqlConnection connection, string settings)
    {
        using var command = new NpgsqlCommand(settings, connection);
        command.ExecuteNonQuery();
    }

    private static async Task SetAsync(NpgsqlConnection connection, string settings)
    {
        await using var command = new NpgsqlCommand(settings, connection);
        await command.ExecuteNonQueryAsync().ConfigureAwait(false);
    }
}
