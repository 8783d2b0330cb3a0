using AgentFlow.Hub.PostgreSql.Tests.Server;
using AgentFlow.Hub.Stores;
using AgentFlow.Hub.Tests.Helpers;
using AgentFlow.Hub.Wakes;
using AgentFlow.Protocol.Hub;
using AgentFlow.Storage;

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
        await database.RunAsync("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname=current_database() AND pid<>pg_backend_pid()");

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

    private static Task<StoreResult> CommitAsync(PostgreSqlEnvelopeStore store, StoreOp op) => store.CommitAsync(new StoreCommit(op.Shard!.Value, [op]), Token).AsTask();
}
