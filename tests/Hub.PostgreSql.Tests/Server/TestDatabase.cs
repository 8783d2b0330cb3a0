using AgentFlow.Hub.Wakes;
using Npgsql;

namespace AgentFlow.Hub.PostgreSql.Tests.Server;

/// <summary>The database of one test, handed on to another test when it is disposed.</summary>
internal sealed class TestDatabase(string name, string connectionString, Action<TestDatabase> giveBack) : IAsyncDisposable
{
    private static readonly string[] s_tables = ["log", "thread", "member", "inbox", "state", "outbox", "blob"];

    private readonly NpgsqlDataSource _cleaner = NpgsqlDataSource.Create(connectionString + ";Maximum Pool Size=1");

    public string Name => name;

    public string ConnectionString => connectionString;

    public static PostgreSqlOptions OptionsFor(string connectionString) => new() { ConnectionString = connectionString, AllowUnsafeServer = true, Lanes = 2 };

    public PostgreSqlOptions Options(TimeProvider? clock = null)
    {
        var options = OptionsFor(connectionString);
        options.Clock = clock;
        return options;
    }

    public async Task<PostgreSqlEnvelopeStore> OpenAsync(IWakeBus? wakes = null)
    {
        var store = new PostgreSqlEnvelopeStore(Options(), wakes);
        await store.OpenAsync(TestContext.Current.CancellationToken);
        return store;
    }

    /// <summary>Runs statements beside the store, and returns the first value.</summary>
    public async Task<object?> RunAsync(string sql)
    {
        await using var connection = await ConnectAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>Waits until somebody waits for a row.</summary>
    public async Task UntilBlockedAsync()
    {
        while (await RunAsync("SELECT count(*) FROM pg_stat_activity WHERE datname=current_database() AND wait_event_type='Lock'") is not 1L)
            await Task.Yield();
    }

    public async Task<NpgsqlConnection> ConnectAsync()
    {
        var connection = new NpgsqlConnection(connectionString + ";Pooling=false");
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        return connection;
    }

    public async Task ClearAsync()
    {
        await using var command = _cleaner.CreateCommand(
            string.Concat(s_tables.Select(table => $"DELETE FROM agentflow.{table};")) + "UPDATE agentflow.meta SET epoch=1,clock=0");
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }

    public ValueTask DisposeAsync()
    {
        giveBack(this);
        return ValueTask.CompletedTask;
    }
}
