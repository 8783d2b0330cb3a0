using System.Security.Cryptography;
using AgentFlow.PostgreSql;
using AgentFlow.Runtime.Tests.Store;
using AgentFlow.Store;
using static AgentFlow.Runtime.Tests.Store.StoreData;

namespace AgentFlow.PostgreSql.Tests.Store;

/// <summary>One owner at a time, by the clock of the database; and what an owner of yesterday writes is refused in the transaction itself.</summary>
public sealed class LeaseTests : IAsyncLifetime
{
    private static readonly TimeSpan s_long = TimeSpan.FromMinutes(10);
    private static readonly Guid s_first = new("11111111-0000-0000-0000-000000000000");
    private static readonly Guid s_second = new("22222222-0000-0000-0000-000000000000");
    private readonly AgentId _agent = StoreData.Agent();
    private readonly ThreadId _thread = StoreData.Thread();
    private AgentDatabase _database = null!;
    private PostgreSqlAgentStore _store = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _database = await AgentDatabase.RentAsync();
        _store = await _database.OpenAsync(RandomNumberGenerator.GetBytes(32));
    }

    public async ValueTask DisposeAsync()
    {
        await _store.DisposeAsync();
        await _database.DisposeAsync();
    }

    [Fact]
    public async Task A_lease_is_one_owners_until_it_runs_out_or_is_given_back()
    {
        Assert.Equal(1, (await AcquireAsync(s_first)).Token);
        var refused = await AcquireAsync(s_second);
        Assert.False(refused.IsAcquired);
        Assert.InRange(refused.HeldFor, TimeSpan.FromMinutes(5), s_long);
        Assert.Equal(1, (await AcquireAsync(s_first)).Token);

        await _store.Leases.ReleaseAsync(s_second, [new(_agent, _thread, 1)], hasWork: false, Cancel);
        Assert.False((await AcquireAsync(s_second)).IsAcquired);
        await _store.Leases.ReleaseAsync(s_first, [new(_agent, _thread, 1)], hasWork: false, Cancel);
        Assert.Equal(1, (await AcquireAsync(s_first)).Token);
        await RunOutAsync();
        Assert.Equal(2, (await AcquireAsync(s_second)).Token);
    }

    [Fact]
    public async Task Of_many_who_ask_at_once_one_gets_it()
    {
        var answers = await Task.WhenAll(Enumerable.Range(1, 20).Select(i =>
            _store.Leases.AcquireAsync(_agent, _thread, new Guid(i, 0, 0, new byte[8]), s_long, Cancel).AsTask()));
        Assert.Single(answers, answer => answer.IsAcquired);
    }

    [Fact]
    public async Task What_an_older_owner_commits_is_refused_and_of_a_thread_that_does_not_exist_yet_too()
    {
        long older = (await AcquireAsync(s_first)).Token;
        await RunOutAsync();
        long newer = (await AcquireAsync(s_second)).Token;
        var create = Commit(_agent, _thread, 0, new AgentOp.CreateThread(Start));
        Assert.Equal(AgentCommitStatus.Fenced, (await _store.CommitAsync(create, Cancel)).Status);
        Assert.Equal(AgentCommitStatus.Fenced, (await _store.CommitAsync(create with { Fence = older }, Cancel)).Status);
        Assert.True((await _store.CommitAsync(create with { Fence = newer }, Cancel)).IsCommitted);

        var step = Commit(_agent, _thread, null, new AgentOp.PutJournal(Bytes(16), Bytes())) with { Fence = older };
        Assert.Equal(AgentCommitStatus.Fenced, (await _store.CommitAsync(step, Cancel)).Status);
        var work = Commit(_agent, _thread, 1, new AgentOp.SaveMember(Bytes(), 1)) with { Fence = older };
        Assert.Equal(AgentCommitStatus.Fenced, (await _store.CommitAsync(work, Cancel)).Status);
        Assert.True((await _store.CommitAsync(work with { Fence = newer }, Cancel)).IsCommitted);
        Assert.Equal(newer, (await _store.LoadThreadAsync(_agent, _thread, Cancel))!.Fence);
    }

    [Fact]
    public async Task A_renewal_extends_what_is_ones_own_and_names_it()
    {
        var other = StoreData.Thread();
        var mine = new LeasedThread(_agent, _thread, (await AcquireAsync(s_first)).Token);
        var theirs = new LeasedThread(_agent, other, (await _store.Leases.AcquireAsync(_agent, other, s_second, s_long, Cancel)).Token);
        await RunOutAsync();
        Assert.Equal([mine], await _store.Leases.RenewAsync(s_first, [mine, theirs, mine with { Token = 7 }], s_long, Cancel));
        Assert.False((await AcquireAsync(s_second)).IsAcquired);
    }

    [Fact]
    public async Task A_thread_whose_lease_ran_out_is_abandoned_and_one_that_was_given_back_is_not()
    {
        var given = StoreData.Thread();
        var left = StoreData.Thread();
        await AcquireAsync(s_first);
        foreach (var thread in (ThreadId[])[given, left])
            await _store.Leases.AcquireAsync(_agent, thread, s_first, s_long, Cancel);
        Assert.Empty(await AbandonedAsync(_agent));
        await RunOutAsync();
        await _store.Leases.ReleaseAsync(s_first, [new(_agent, given, 1)], hasWork: false, Cancel);
        await _store.Leases.ReleaseAsync(s_first, [new(_agent, left, 1)], hasWork: true, Cancel);
        Assert.Equivalent(new[] { _thread, left }, (await AbandonedAsync(_agent)).Select(lease => lease.Thread));
        Assert.Empty(await AbandonedAsync(StoreData.Agent()));
        await AcquireAsync(s_second);
        Assert.Equal(left, Assert.Single(await AbandonedAsync(_agent)).Thread);
    }

    private ValueTask<LeaseAnswer> AcquireAsync(Guid owner) => _store.Leases.AcquireAsync(_agent, _thread, owner, s_long, Cancel);

    private ValueTask<IReadOnlyList<(AgentId Agent, ThreadId Thread)>> AbandonedAsync(AgentId agent) => _store.Leases.ListAbandonedAsync([agent], 10, Cancel);

    private Task<object?> RunOutAsync() => _database.RunAsync("UPDATE lease SET until = now_ms() - 1");
}
