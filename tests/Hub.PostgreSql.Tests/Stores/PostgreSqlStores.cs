using AgentFlow.Hub.PostgreSql.Tests.Server;
using AgentFlow.Hub.Stores;
using AgentFlow.Hub.Tests.Contract;
using AgentFlow.Hub.Tests.Helpers;
using AgentFlow.Hub.Wakes;
using AgentFlow.Protocol.Hub;
using Npgsql;

namespace AgentFlow.Hub.PostgreSql.Tests.Stores;

public class PostgreSqlStore : EnvelopeStoreContract
{
    private const int Capacity = 500;
    private TestDatabase? _database;

    [Fact]
    public async Task C2_What_was_answered_is_there_after_reopening_and_the_epoch_rises()
    {
        await CreateThreadAsync(1, 1);
        await DoAsync(Make.Append(1, 1));
        var lease = Assert.Single(await Store.ClaimAsync(
            new ClaimRequest(ClaimKind.Inbox, new Guid(1, 0, 0, new byte[8]), TimeSpan.FromMinutes(1), 1, Make.Agent(1), Make.Thread(1)), Token));
        await Store.DisposeAsync();

        await using var again = CreateStore();
        var info = await again.OpenAsync(Token);
        Assert.Equal(3, info.Epoch);
        Assert.Equal(Make.Body(1), (await again.ReadThreadAsync(Make.Thread(1), 0, 10, 1000, Token)).Envelopes[0].Envelope.ToArray());
        Assert.Single(await again.ReadMembersAsync(Make.Thread(1), Token));
        var other = Assert.Single(await again.ClaimAsync(
            new ClaimRequest(ClaimKind.Inbox, new Guid(2, 0, 0, new byte[8]), TimeSpan.FromMinutes(1), 1, Make.Agent(1), Make.Thread(1)), Token));
        Assert.Equal((lease.Owner, lease.Token), (other.Owner, other.Token));
    }

    [Fact]
    public async Task C12_A_full_queue_answers_busy_and_recovers()
    {
        await CreateThreadAsync(1);
        await using var other = await _database!.ConnectAsync();
        List<Task<StoreResult>> waiting;
        StoreResult refused;
        await using (await other.BeginTransactionAsync(Token))
        {
            await using (var command = new NpgsqlCommand("SELECT FROM agentflow.thread FOR UPDATE", other))
                await command.ExecuteNonQueryAsync(Token);
            waiting = [CommitAsync(Make.Append(1, 1)).AsTask()];
            await _database.UntilBlockedAsync();
            waiting.AddRange(Enumerable.Range(2, Capacity).Select(i => CommitAsync(Make.Append(1, i)).AsTask()));
            refused = await CommitAsync(Make.Append(1, 1000));
        }

        Assert.Equal(HubStatus.Busy, refused.Status);
        Assert.All(await Task.WhenAll(waiting), r => Assert.Equal(HubStatus.Ok, r.Status));
        Assert.Equal([Capacity + 2], (await DoAsync(Make.Append(1, 1000))).Values);
    }

    [Fact]
    public async Task A_row_that_another_transaction_holds_too_long_is_answered_busy_and_nothing_is_applied()
    {
        await CreateThreadAsync(1);
        await using var other = await _database!.ConnectAsync();
        await using (await other.BeginTransactionAsync(Token))
        {
            await using (var command = new NpgsqlCommand("SELECT FROM agentflow.thread FOR UPDATE", other))
                await command.ExecuteNonQueryAsync(Token);
            Assert.Equal(HubStatus.Busy, (await CommitAsync(Make.Append(1, 1))).Status);
        }

        Assert.False((await DoAsync(Make.Append(1, 1))).IsRepetition);
    }

    [Fact]
    public async Task Commits_of_one_batch_fail_and_succeed_each_for_itself_and_stand_in_their_order()
    {
        await CreateThreadAsync(1, 1);
        var key = new StateKey(StateKind.Thread, Make.Thread(1).Value.ToArray());
        var results = await Task.WhenAll(
            CommitAsync(Make.Append(1, 1)).AsTask(), CommitAsync(Make.Append(1, 2), new StoreOp.Put(key, Make.Body(1), 0)).AsTask(),
            CommitAsync(Make.Append(1, 3), new StoreOp.Put(key, Make.Body(2), 0)).AsTask(), CommitAsync(Make.Append(1, 3) with { ExpectHead = 2 }).AsTask(),
            CommitAsync(Make.Append(1, 3)).AsTask(), CommitAsync(Make.Append(1, 4, Make.Body(9)), Make.Append(1, 5)).AsTask(),
            CommitAsync(Make.Append(1, 4)).AsTask(), CommitAsync(new StoreOp.Close(Make.Thread(1))).AsTask(), CommitAsync(Make.Append(1, 6)).AsTask());

        Assert.Equal(
            [HubStatus.Ok, HubStatus.Ok, HubStatus.Conflict, HubStatus.Ok, HubStatus.Ok, HubStatus.Ok, HubStatus.IdConflict, HubStatus.Ok, HubStatus.Closed],
            results.Select(r => r.Status));
        Assert.True(results[4].IsRepetition);
        Assert.Equal([4, 5], results[5].Values);
        Assert.Equal([1, 2, 3, 4, 5], (await ReadAsync(1)).Envelopes.Select(e => e.Position));
    }

    public override async ValueTask InitializeAsync()
    {
        _database = await TestServer.RentDatabaseAsync();
        await base.InitializeAsync();
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await _database!.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    private protected override IEnvelopeStore CreateStore()
    {
        var options = _database!.Options(Time);
        options.QueueCapacity = Capacity;
        options.LockTimeout = TimeSpan.FromSeconds(1);
        return new PostgreSqlEnvelopeStore(options, WakesOfStore);
    }

    /// <summary>Null: the store's own, by NOTIFY.</summary>
    private protected virtual IWakeBus? WakesOfStore => null;
}

public sealed class PostgreSqlStoreWithoutHints : PostgreSqlStore
{
    private protected override IWakeBus WakesOfStore { get; } = new SilentWakes();
}
