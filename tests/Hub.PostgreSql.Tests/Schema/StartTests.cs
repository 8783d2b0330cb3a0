using AgentFlow.Hub.PostgreSql.Tests.Server;
using AgentFlow.Hub.Wakes;
using AgentFlow.Storage;
using AgentFlow.Storage.PostgreSql.Schema;

namespace AgentFlow.Hub.PostgreSql.Tests.Schema;

/// <summary>A server that cannot serve a hub is refused at the start, with a message that names the fix.</summary>
public sealed class StartTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(140_011, false, "on", "on", "upgrade the server")]
    [InlineData(150_000, true, "on", "on", "Target Session Attributes=primary")]
    [InlineData(150_000, false, "off", "on", "ALTER DATABASE \"x\" SET synchronous_commit = on")]
    [InlineData(150_000, false, "local", "on", "ALTER DATABASE \"x\" SET synchronous_commit = on")]
    [InlineData(150_000, false, "on", "off", "Set fsync = on")]
    [InlineData(150_000, false, "on", "on", null)]
    [InlineData(170_002, false, "remote_write", "on", null)]
    public void A_server_is_refused_for_a_reason_or_taken(int version, bool isStandby, string synchronousCommit, string fsync, string? fix)
    {
        string? problem = ServerCheck.Problem(version, isStandby, synchronousCommit, fsync, allowUnsafe: false, "x");
        if (fix is null)
            Assert.Null(problem);
        else
            Assert.Contains(fix, problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_database_that_does_not_wait_for_its_disk_is_refused()
    {
        await using var database = await TestServer.CreateEmptyDatabaseAsync();
        await database.RunAsync($"ALTER DATABASE {database.Name} SET synchronous_commit=off");

        var error = await Assert.ThrowsAsync<StorageException>(() => database.OpenAsync());
        Assert.Equal(StorageErrorKind.Incompatible, error.Kind);
        Assert.Contains("synchronous_commit", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_way_that_keeps_notifications_back_is_refused_for_listening_and_taken_for_everything_else()
    {
        await using var database = await TestServer.RentDatabaseAsync();
        await using var pool = new BackendProxy(database.ConnectionString) { DropsNotifications = true };
        var options = TestDatabase.OptionsFor(pool.ConnectionString);
        await using (var refused = new PostgreSqlEnvelopeStore(options))
        {
            var error = await Assert.ThrowsAsync<StorageException>(() => refused.OpenAsync(Token).AsTask());
            Assert.Equal(StorageErrorKind.Incompatible, error.Kind);
            Assert.Contains("ListenConnectionString", error.Message, StringComparison.Ordinal);
        }

        options.ListenConnectionString = database.ConnectionString;
        await using var store = new PostgreSqlEnvelopeStore(options);
        await store.OpenAsync(Token);
    }

    [Theory]
    [InlineData("Host=127.0.0.1;Port=1;Username=x;Database=x", StorageErrorKind.Unavailable, "Check that the server runs")]
    [InlineData("nonsense", StorageErrorKind.Incompatible, "not one of PostgreSQL")]
    public async Task A_connection_string_that_leads_nowhere_is_told_so(string connectionString, StorageErrorKind kind, string message)
    {
        var error = await Assert.ThrowsAsync<StorageException>(async () =>
        {
            await using var store = new PostgreSqlEnvelopeStore(new PostgreSqlOptions { ConnectionString = connectionString }, new SilentWakes());
            await store.OpenAsync(Token);
        });
        Assert.Equal(kind, error.Kind);
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_setting_that_makes_no_sense_is_refused() =>
        Assert.Throws<StorageException>(() => new PostgreSqlEnvelopeStore(new PostgreSqlOptions { ConnectionString = "Host=x", Lanes = 0 }));
}
