using AgentFlow.Hub.PostgreSql.Schema;
using AgentFlow.Hub.PostgreSql.Tests.Server;
using AgentFlow.Hub.Stores;
using AgentFlow.Hub.Tests.Helpers;
using AgentFlow.Hub.Wakes;
using AgentFlow.Protocol.Hub;
using AgentFlow.Storage;
using AgentFlow.Storage.PostgreSql.Schema;

namespace AgentFlow.Hub.PostgreSql.Tests.Schema;

/// <summary>The schema comes up to date once, from wherever it was.</summary>
public sealed class SchemaTests
{
    public static TheoryData<int> EarlierSteps => [.. Enumerable.Range(0, SchemaSteps.All.Count)];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(EarlierSteps))]
    public async Task A_database_with_an_earlier_schema_is_brought_up_to_date_and_works(int steps)
    {
        await using var database = await TestServer.CreateEmptyDatabaseAsync();
        if (steps > 0)
        {
            await using var connection = await database.ConnectAsync();
            await SchemaUpdate.RunAsync(connection, SchemaSteps.Name, [.. SchemaSteps.All.Take(steps)], Token);
        }

        await using var store = await database.OpenAsync(new SilentWakes());
        var shard = ShardKey.Of(Make.Thread(1));
        var result = await store.CommitAsync(new StoreCommit(shard, [Make.Create(1), Make.Append(1, 1), Make.Members(1, 1)]), Token);

        Assert.Equal(HubStatus.Ok, result.Status);
        Assert.Equal((long)SchemaSteps.All.Count, await database.RunAsync("SELECT count(*) FROM agentflow.schema_step"));
    }

    [Fact]
    public async Task Hubs_that_start_at_once_on_an_empty_database_make_the_schema_once()
    {
        await using var database = await TestServer.CreateEmptyDatabaseAsync();
        var stores = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => database.OpenAsync(new SilentWakes())));
        foreach (var store in stores)
            await store.DisposeAsync();

        Assert.Equal((long)SchemaSteps.All.Count, await database.RunAsync("SELECT count(*) FROM agentflow.schema_step"));
        Assert.Equal(4L, await database.RunAsync("SELECT epoch FROM agentflow.meta"));
    }

    [Fact]
    public async Task A_step_that_fails_leaves_the_schema_as_it_was()
    {
        await using var database = await TestServer.CreateEmptyDatabaseAsync();
        IReadOnlyList<Migration> steps = [SchemaSteps.All[0], new Migration("wrong", "SELECT nothing")];
        await using (var connection = await database.ConnectAsync())
            await Assert.ThrowsAsync<Npgsql.PostgresException>(() => SchemaUpdate.RunAsync(connection, SchemaSteps.Name, steps, Token));

        Assert.Equal(DBNull.Value, await database.RunAsync("SELECT to_regnamespace('agentflow')::text"));
        await (await database.OpenAsync(new SilentWakes())).DisposeAsync();
    }

    [Fact]
    public async Task A_schema_of_a_newer_hub_is_refused_and_the_message_says_what_to_do()
    {
        await using var database = await TestServer.CreateEmptyDatabaseAsync();
        await using (var connection = await database.ConnectAsync())
            await SchemaUpdate.RunAsync(connection, SchemaSteps.Name, [.. SchemaSteps.All, new Migration("newer", "SELECT 1")], Token);

        var error = await Assert.ThrowsAsync<StorageException>(() => database.OpenAsync(new SilentWakes()));
        Assert.Equal(StorageErrorKind.Incompatible, error.Kind);
        Assert.Contains("Run the newer program", error.Message, StringComparison.Ordinal);
    }
}
