using AgentFlow.Hub.CrashHost;
using AgentFlow.Hub.PostgreSql.Copy;
using AgentFlow.Hub.PostgreSql.Tests.Server;
using AgentFlow.Hub.Pumps;
using AgentFlow.Hub.Sqlite;
using AgentFlow.Hub.Stores;
using AgentFlow.Hub.Tests.Helpers;
using AgentFlow.Hub.Wakes;
using AgentFlow.Protocol.Hub;
using AgentFlow.Storage;

namespace AgentFlow.Hub.PostgreSql.Tests.Copy;

/// <summary>A hub that moves from SQLite to PostgreSQL.</summary>
public sealed class StoreCopyTests : IDisposable
{
    private readonly TestDirectory _directory = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task Everything_that_can_be_read_is_the_same_after_the_move_and_the_hub_goes_on()
    {
        await using var database = await TestServer.RentDatabaseAsync();
        string before;
        Guid storeId;
        Bytes32? hash;
        long token;
        await using (var source = new SqliteEnvelopeStore(_directory.Database))
        {
            storeId = (await source.OpenAsync(Token)).StoreId;
            var steps = new StepStream(7, withTime: false);
            for (int i = 0; i < 600; i++)
                await StepRunner.RunAsync(source, steps.At(i), Token);
            await source.PutBlobAsync(Make.Hash([1]), new byte[] { 1 }, Token);
            await source.SweepAsync(SweepBudget.Default, Token);
            token = (await LeaseAsync(source)).Token;
            before = await StepRunner.DumpAsync(source, Token);
            hash = await source.GetThreadHashAsync(Make.Thread(1), 1, Token);
        }

        var copied = await StoreCopy.RunAsync(_directory.Database, database.Options(), Token);

        await using var target = await database.OpenAsync(new SilentWakes());
        Assert.Equal(before, await StepRunner.DumpAsync(target, Token));
        Assert.Equal(hash, await target.GetThreadHashAsync(Make.Thread(1), 1, Token));
        Assert.Equal(new byte[] { 1 }, (await target.GetBlobAsync(Make.Hash([1]), Token))!.Value.ToArray());
        Assert.Equal((storeId, (long)StepStream.Threads, 1L), (copied.StoreId, copied.Threads, copied.Blobs));
        Assert.Equal(storeId, await database.RunAsync("SELECT store_id FROM agentflow.meta"));
        Assert.True((await LeaseAsync(target)).Token > token);
        var page = await target.ReadThreadAsync(Make.Thread(1), 0, 1000, int.MaxValue, Token);
        await target.CommitAsync(new StoreCommit(ShardKey.Of(Make.Thread(9)), [Make.Create(9), Make.Members(9, 1), Make.Append(9, 1)]), Token);
        await using var pump = new FanOutPump(target, new HubOptions());
        await pump.DrainAsync(Token);
        Assert.Equal(1, (await target.GetInboxAsync(Make.Agent(1), Make.Thread(9), Token))!.Head);
        Assert.Equal(page.Head, page.Envelopes.Count);
    }

    [Fact]
    public async Task A_target_that_a_hub_has_used_is_refused_and_stays_as_it_is()
    {
        await using var database = await TestServer.RentDatabaseAsync();
        await using (var source = new SqliteEnvelopeStore(_directory.Database))
            await source.OpenAsync(Token);
        await using (var target = await database.OpenAsync(new SilentWakes()))
            await target.CommitAsync(new StoreCommit(ShardKey.Of(Make.Thread(1)), [Make.Create(1)]), Token);

        var error = await Assert.ThrowsAsync<StorageException>(() => StoreCopy.RunAsync(_directory.Database, database.Options(), Token));
        Assert.Contains("empty database", error.Message, StringComparison.Ordinal);
        Assert.Equal(1L, await database.RunAsync("SELECT count(*) FROM agentflow.thread"));
    }

    [Fact]
    public async Task A_source_whose_log_has_a_gap_is_refused_and_the_target_stays_empty()
    {
        await using var database = await TestServer.RentDatabaseAsync();
        await using (var source = new SqliteEnvelopeStore(_directory.Database))
        {
            await source.OpenAsync(Token);
            await source.CommitAsync(new StoreCommit(ShardKey.Of(Make.Thread(1)), [Make.Create(1), Make.Append(1, 1), Make.Append(1, 2)]), Token);
            await source.Store.WriteAsync(session => session.Prepare("DELETE FROM log WHERE seq=1").Run(), Token);
        }

        var error = await Assert.ThrowsAsync<StorageException>(() => StoreCopy.RunAsync(_directory.Database, database.Options(), Token));
        Assert.Equal(StorageErrorKind.Corrupt, error.Kind);
        Assert.Equal(0L, await database.RunAsync("SELECT count(*) FROM agentflow.thread"));
    }

    [Fact]
    public async Task A_target_that_changes_what_it_is_given_is_noticed_and_stays_empty()
    {
        await using var database = await TestServer.CreateEmptyDatabaseAsync();
        await (await database.OpenAsync(new SilentWakes())).DisposeAsync();
        await database.RunAsync("""
            CREATE FUNCTION spoil() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN NEW.body := NEW.body || NEW.body; RETURN NEW; END';
            CREATE TRIGGER spoil BEFORE INSERT ON agentflow.log FOR EACH ROW EXECUTE FUNCTION spoil()
            """);
        await using (var source = new SqliteEnvelopeStore(_directory.Database))
        {
            await source.OpenAsync(Token);
            await source.CommitAsync(new StoreCommit(ShardKey.Of(Make.Thread(1)), [Make.Create(1), Make.Append(1, 1)]), Token);
        }

        var error = await Assert.ThrowsAsync<StorageException>(() => StoreCopy.RunAsync(_directory.Database, database.Options(), Token));
        Assert.Contains("log was not copied as it was", error.Message, StringComparison.Ordinal);
        Assert.Equal(0L, await database.RunAsync("SELECT count(*) FROM agentflow.thread"));
    }

    [Fact]
    public async Task A_source_that_a_hub_has_open_or_that_is_not_there_is_refused()
    {
        await using var database = await TestServer.RentDatabaseAsync();
        await using var source = new SqliteEnvelopeStore(_directory.Database);
        await source.OpenAsync(Token);

        var error = await Assert.ThrowsAsync<StorageException>(() => StoreCopy.RunAsync(_directory.Database, database.Options(), Token));
        Assert.Equal(StorageErrorKind.Locked, error.Kind);
        await Assert.ThrowsAsync<StorageException>(() => StoreCopy.RunAsync(_directory.Database + ".missing", database.Options(), Token));
    }

    private static async Task<Claim> LeaseAsync(IEnvelopeStore store)
    {
        var owner = new Guid(store is SqliteEnvelopeStore ? 1 : 2, 0, 0, new byte[8]);
        var request = new ClaimRequest(ClaimKind.Inbox, owner, TimeSpan.FromMinutes(1), 1, Make.Agent(1), Make.Thread(1));
        return Assert.Single(await store.ClaimAsync(request, Token));
    }
}
