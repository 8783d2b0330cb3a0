using System.Globalization;
using Npgsql;

namespace AgentFlow.Storage.PostgreSql.Connections;

/// <summary>The pool of connections to one database, with the timeouts that every one of them has. Thread-safe.</summary>
internal class ConnectionPool : IAsyncDisposable
{
    private const int Attempts = 8;
    private readonly NpgsqlDataSource _pool;

    public ConnectionPool(PoolSettings settings)
    {
        var builder = Builder(settings.ConnectionString);
        var text = builder.ConnectionStringBuilder;
        text.NoResetOnClose = true;
        text.MaxAutoPrepare = 0;
        text.MaxPoolSize = settings.MaxConnections;
        text.CommandTimeout = (int)settings.StatementTimeout.TotalSeconds + 5;
        text.TcpKeepAlive = true;
        text.TcpKeepAliveTime = 10;
        text.TcpKeepAliveInterval = 3;
        text.ApplicationName ??= settings.ApplicationName;
        string path = settings.SearchPath is { } schema ? $"; SET search_path={schema}" : "";
        string commands = string.Create(CultureInfo.InvariantCulture, $"""
            SET statement_timeout={(long)settings.StatementTimeout.TotalMilliseconds}; SET lock_timeout={(long)settings.LockTimeout.TotalMilliseconds};
            SET idle_in_transaction_session_timeout=10000; SET default_transaction_isolation='read committed'{path}
            """);
        builder.UsePhysicalConnectionInitializer(connection => Set(connection, commands), connection => SetAsync(connection, commands));
        _pool = builder.Build();
    }

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

    private static void Set(NpgsqlConnection connection, string commands)
    {
        using var command = new NpgsqlCommand(commands, connection);
        command.ExecuteNonQuery();
    }

    private static async Task SetAsync(NpgsqlConnection connection, string commands)
    {
        await using var command = new NpgsqlCommand(commands, connection);
        await command.ExecuteNonQueryAsync().ConfigureAwait(false);
    }
}
