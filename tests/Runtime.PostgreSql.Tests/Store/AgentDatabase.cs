using System.Security.Cryptography;
using AgentFlow.Hub.PostgreSql.Tests.Server;
using AgentFlow.PostgreSql;
using AgentFlow.Store.Sealing;
using Npgsql;

namespace AgentFlow.PostgreSql.Tests.Store;

/// <summary>A schema of its own in the database of a test, for one store of agents.</summary>
internal sealed class AgentDatabase(TestDatabase database) : IAsyncDisposable
{
    public string Schema { get; } = "a" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8));

    public string ConnectionString => database.ConnectionString;

    public static async Task<AgentDatabase> RentAsync() => new(await TestServer.RentDatabaseAsync());

    public static PostgreSqlStoreOptions Options(string connectionString, string schema) =>
        new() { ConnectionString = connectionString, Schema = schema, AllowUnsafeServer = true, MaxConnections = 8 };

    public async Task<PostgreSqlAgentStore> OpenAsync(ReadOnlyMemory<byte> key, TimeProvider? clock = null) => await PostgreSqlAgentStore.OpenAsync(
        Options(ConnectionString, Schema),
        (_, _) => ValueTask.FromResult(DeviceStorageKey.Copy(key.Span)),
        clock ?? TimeProvider.System,
        TestContext.Current.CancellationToken);

    /// <summary>Runs statements in the schema, and returns the first value.</summary>
    public async Task<object?> RunAsync(string sql)
    {
        await using var connection = await database.ConnectAsync();
        await using var command = new NpgsqlCommand($"SET search_path={Schema}; {sql}", connection);
        return await command.ExecuteScalarAsync(TestContext.Current.CancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await RunAsync($"DROP SCHEMA IF EXISTS {Schema} CASCADE");
        await database.DisposeAsync();
    }
}
