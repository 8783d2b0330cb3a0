using AgentFlow.Hub.PostgreSql.Tests.Server;
using AgentFlow.Hub.Stores;
using AgentFlow.Hub.Tests.Helpers;
using AgentFlow.Hub.Wakes;
using AgentFlow.Protocol.Hub;
using AgentFlow.Storage;
using Npgsql;

namespace AgentFlow.Hub.PostgreSql.Tests.Replicas;

/// <summary>A server that stops answering.</summary>
public sealed class LostConnectionTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_commit_whose_answer_is_lost_is_unavailable_and_the_same_id_says_that_it_stands()
    {
        await using var database = await TestServer.RentDatabaseAsync();
        await using var proxy = new BackendProxy(database.ConnectionString);
        await using var store = new PostgreSqlEnvelopeStore(TestDatabase.OptionsFor(proxy.ConnectionString), new SilentWakes());
        await store.OpenAsync(Token);
        await CommitAsync(store, Make.Create(1));
        await CommitAsync(store, Make.Append(1, 1));

        proxy.CutNextAnswer();
        var lost = await CommitAsync(store, Make.Append(1, 2));
        var again = await CommitAsync(store, Make.Append(1, 2));

        Assert.Equal(HubStatus.Unavailable, lost.Status);
        Assert.Equal(HubStatus.Ok, again.Status);
        Assert.True(again.IsRepetition);
        Assert.Equal([2], again.Values);
    }

    [Fact]
    public async Task A_read_on_a_connection_that_was_cut_while_it_was_idle_is_done_on_a_new_one()
    {
        await using var database = await TestServer.RentDatabaseAsync();
        await using var store = await database.OpenAsync(new SilentWakes());
        Assert.Null(await store.GetThreadAsync(Make.Thread(1), Token));
        await database.RunAsync("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname=current_database() AND application_name='agentflow-hub'");

        Assert.Null(await store.GetThreadAsync(Make.Thread(1), Token));
    }

    [Fact]
    public async Task While_the_server_is_away_commits_are_unavailable_and_reads_say_why()
    {
        await using var database = await TestServer.RentDatabaseAsync();
        await using var store = new PostgreSqlEnvelopeStore(database.Options(), new SilentWakes());
        await using (var proxy = new BackendProxy(database.ConnectionString))
        {
            await using var cut = new PostgreSqlEnvelopeStore(TestDatabase.OptionsFor(proxy.ConnectionString), new SilentWakes());
            await cut.OpenAsync(Token);
            await proxy.DisposeAsync();

            Assert.Equal(HubStatus.Unavailable, (await CommitAsync(cut, Make.Create(1))).Status);
            Assert.Equal(HubStatus.Unavailable, await cut.PutBlobAsync(Make.Hash([1]), new byte[] { 1 }, Token));
            var error = await Assert.ThrowsAsync<StorageException>(() => cut.GetThreadAsync(Make.Thread(1), Token).AsTask());
            Assert.Equal(StorageErrorKind.Unavailable, error.Kind);
        }

        await store.OpenAsync(Token);
        Assert.Equal(HubStatus.Ok, (await CommitAsync(store, Make.Create(1))).Status);
    }

    [Fact]
    public async Task A_commit_that_the_server_undid_to_end_a_deadlock_is_done_again()
    {
        await using var database = await TestServer.RentDatabaseAsync();
        await using var store = await database.OpenAsync(new SilentWakes());
        var shard = ShardKey.Of(Make.Thread(1));
        var put = new StoreOp.Put(new StateKey(StateKind.Thread, Make.Thread(1).Value.ToArray()), Make.Body(1), -1);
        await store.CommitAsync(new StoreCommit(shard, [Make.Create(1), put]), Token);
        await using var other = await database.ConnectAsync();
        Task<StoreResult> committing;
        await using (var transaction = await other.BeginTransactionAsync(Token))
        {
            // The rows in the wrong order, with more patience than the hub has: so the server ends the hub's transaction.
            await RunAsync(other, "SET LOCAL deadlock_timeout='30s'; SELECT FROM agentflow.state FOR UPDATE");
            committing = store.CommitAsync(new StoreCommit(shard, [Make.Append(1, 1), put]), Token).AsTask();
            await database.UntilBlockedAsync();
            await RunAsync(other, "SELECT FROM agentflow.thread FOR UPDATE");
            await transaction.CommitAsync(Token);
        }

        var result = await committing;
        Assert.Equal(HubStatus.Ok, result.Status);
        Assert.Equal([1, 2], result.Values);
    }

    private static async Task RunAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(Token);
    }

    private static Task<StoreResult> CommitAsync(PostgreSqlEnvelopeStore store, StoreOp op) =>
        store.CommitAsync(new StoreCommit(op.Shard!.Value, [op]), Token).AsTask();
}
