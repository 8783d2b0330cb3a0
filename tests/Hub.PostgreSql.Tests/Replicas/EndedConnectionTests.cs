using AgentFlow.Hub.PostgreSql.Tests.Server;
using AgentFlow.Storage;
using AgentFlow.Storage.PostgreSql.Connections;
using Npgsql;

namespace AgentFlow.Hub.PostgreSql.Tests.Replicas;

/// <summary>The server ends connections of processes that stand still, such as one whose machine slept.</summary>
public sealed class EndedConnectionTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_transaction_that_stood_still_too_long_may_be_tried_again_on_another_connection()
    {
        await using var database = await TestServer.RentDatabaseAsync();
        await using var sleeper = await database.ConnectAsync();
        await using var watcher = await database.ConnectAsync();
        await RunAsync(sleeper, "SET idle_in_transaction_session_timeout=1; BEGIN; SELECT 1");
        while (await RunAsync(watcher, $"SELECT count(*) FROM pg_stat_activity WHERE pid={sleeper.ProcessID}") is not 0L)
            Cancel.ThrowIfCancellationRequested();

        var error = await Assert.ThrowsAsync<PostgresException>(() => RunAsync(sleeper, "SELECT 1"));
        Assert.Equal("25P03", error.SqlState);
        var failure = Failures.Wrap(error);
        Assert.Equal((StorageErrorKind.Unavailable, true), (failure.Kind, failure.IsRetryable));
        Assert.False(Failures.LeavesConnection(error));
        Assert.False(Failures.IsOfOneCommit(error));
    }

    private static async Task<object?> RunAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync(Cancel);
    }
}
