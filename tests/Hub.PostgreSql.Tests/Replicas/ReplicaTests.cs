using AgentFlow.Hub.PostgreSql.Tests.Server;
using AgentFlow.Hub.Pumps;
using AgentFlow.Hub.Stores;
using AgentFlow.Hub.Tests.Helpers;
using AgentFlow.Hub.Wakes;
using AgentFlow.Protocol.Hub;

namespace AgentFlow.Hub.PostgreSql.Tests.Replicas;

/// <summary>Two hubs on one database.</summary>
public sealed class ReplicaTests : IAsyncLifetime
{
    private static readonly Guid s_a = new(1, 0, 0, new byte[8]);
    private static readonly Guid s_b = new(2, 0, 0, new byte[8]);
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);
    private TestDatabase? _database;
    private PostgreSqlEnvelopeStore? _first;
    private PostgreSqlEnvelopeStore? _second;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private PostgreSqlEnvelopeStore First => _first!;

    private PostgreSqlEnvelopeStore Second => _second!;

    public async ValueTask InitializeAsync()
    {
        _database = await TestServer.RentDatabaseAsync();
        _first = await _database.OpenAsync();
        _second = await _database.OpenAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await First.DisposeAsync();
        await Second.DisposeAsync();
        await _database!.DisposeAsync();
    }

    [Fact]
    public async Task The_same_id_from_both_at_once_gets_one_position()
    {
        await CreateAsync(1);
        for (int id = 1; id <= 100; id++)
        {
            var results = await Task.WhenAll(CommitAsync(First, Make.Append(1, id)), CommitAsync(Second, Make.Append(1, id)));
            Assert.All(results, r => Assert.Equal([id], r.Values));
            Assert.Single(results, r => r.IsRepetition);
        }
    }

    [Fact]
    public async Task Batches_that_touch_the_same_rows_in_other_orders_all_succeed_and_positions_stay_dense()
    {
        for (int thread = 1; thread <= 3; thread++)
            await CreateAsync(thread);
        var results = await Task.WhenAll(Enumerable.Range(1, 300).Select(i =>
        {
            int thread = 1 + (i * 7 % 3);
            var key = new StateKey(StateKind.Thread, Make.Thread(thread).Value.ToArray());
            return CommitAsync(i % 2 == 0 ? First : Second, Make.Append(thread, i), new StoreOp.Put(key, Make.Body(i), -1));
        }));

        Assert.All(results, r => Assert.Equal(HubStatus.Ok, r.Status));
        for (int thread = 1; thread <= 3; thread++)
        {
            var page = await First.ReadThreadAsync(Make.Thread(thread), 0, 1000, int.MaxValue, Token);
            Assert.Equal(Enumerable.Range(1, 100).Select(i => (long)i), page.Envelopes.Select(e => e.Position));
        }
    }

    [Fact]
    public async Task Threads_and_state_items_that_both_create_in_opposite_orders_exist_once()
    {
        var results = await Task.WhenAll(Enumerable.Range(0, 60).SelectMany(i => new[]
        {
            CommitAsync(First, Make.Create(1 + i)), CommitAsync(Second, Make.Create(60 - i)),
            CommitAsync(First, new StoreOp.Put(Make.Key(1 + i), Make.Body(1), 0)), CommitAsync(Second, new StoreOp.Put(Make.Key(60 - i), Make.Body(2), 0)),
        }));

        Assert.Equal(120, results.Count(r => r.Status == HubStatus.Ok));
        Assert.Equal(120, results.Count(r => r.Status == HubStatus.Conflict));
    }

    [Fact]
    public async Task Two_pumps_on_two_hubs_reach_every_member_and_leave_nothing_behind()
    {
        for (int thread = 1; thread <= 5; thread++)
            await CreateAsync(thread, 1, 2);
        await using var here = new FanOutPump(First, new HubOptions());
        await using var there = new FanOutPump(Second, new HubOptions());
        for (int i = 1; i <= 100; i++)
        {
            await CommitAsync(i % 2 == 0 ? First : Second, Make.Append(1 + (i % 5), i));
            if (i % 20 == 0)
                await Task.WhenAll(here.DrainAsync(Token).AsTask(), there.DrainAsync(Token).AsTask());
        }

        for (int thread = 1; thread <= 5; thread++)
            Assert.Equal(20, (await First.GetInboxAsync(Make.Agent(2), Make.Thread(thread), Token))!.Head);
        Assert.Equal(0L, await _database!.RunAsync("SELECT count(*) FROM agentflow.outbox"));
    }

    [Fact]
    public async Task A_lease_of_one_hub_excludes_the_other_and_the_clock_of_the_database_ends_it()
    {
        await CreateAsync(1, 1);
        var held = await LeaseAsync(First, s_a, TimeSpan.FromMinutes(1));
        Assert.Equal((s_a, held.Token), await LeaseAsync(Second, s_b, TimeSpan.FromMinutes(1)) is var seen ? (seen.Owner, seen.Token) : default);
        await LeaseAsync(First, s_a, TimeSpan.FromMilliseconds(1));
        Claim taken;
        do
            taken = await LeaseAsync(Second, s_b, TimeSpan.FromMinutes(1));
        while (taken.Owner != s_b);

        var ack = new StoreOp.Ack(Make.Agent(1), Make.Thread(1), 1);
        Assert.True(taken.Token > held.Token);
        var late = await First.CommitAsync(new StoreCommit(ShardKey.Of(Make.Agent(1)), [ack], new Fence(held.Id, held.Token)), Token);
        var current = await First.CommitAsync(new StoreCommit(ShardKey.Of(Make.Agent(1)), [ack], new Fence(taken.Id, taken.Token)), Token);
        Assert.Equal(HubStatus.Fenced, late.Status);
        Assert.Equal(HubStatus.Ok, current.Status);
    }

    [Fact]
    public async Task A_hub_hears_what_the_other_committed_and_after_a_lost_connection_it_looks_at_everything()
    {
        await CreateAsync(1, 1);
        var heard = new TaskCompletionSource<WakeHint>(TaskCreationOptions.RunContinuationsAsynchronously);
        using (Second.Wakes.Subscribe(hint => heard.TrySetResult(hint)))
        {
            await CommitAsync(First, Make.Append(1, 1));
            Assert.Equal(new WakeHint(WakeKind.Thread, Make.Thread(1).Value), await heard.Task.WaitAsync(s_patience, Token));
        }

        var everything = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var again = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using (Second.Wakes.Subscribe(hint => (hint.Kind == WakeKind.Everything ? everything : again).TrySetResult()))
        {
            await _database!.RunAsync("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname=current_database() AND query LIKE 'LISTEN%'");
            await everything.Task.WaitAsync(s_patience, Token);
            await CommitAsync(First, Make.Append(1, 2));
            await again.Task.WaitAsync(s_patience, Token);
        }
    }

    [Fact]
    public async Task An_agent_on_one_hub_gets_what_an_agent_on_the_other_sends()
    {
        await using var here = await InProcessHub.StartAsync(new PostgreSqlEnvelopeStore(_database!.Options()), new HubOptions(), Token);
        await using var there = await InProcessHub.StartAsync(new PostgreSqlEnvelopeStore(_database.Options()), new HubOptions(), Token);
        using var alice = new HubActor("alice", 1);
        using var bob = new HubActor("bob", 2);
        Assert.Equal(HubStatus.Ok, await here.RegisterAgentAsync(alice.Registration, Token));
        Assert.Equal(HubStatus.Ok, await there.RegisterAgentAsync(bob.Registration, Token));
        using var thread = new HubThread(alice, bob);
        Assert.Equal(AppendResult.Appended(1), await here.CreateThreadAsync(thread.Id, Make.Message(1), thread.Genesis, Token));
        await using var stream = there.SubscribeAsync(bob.Agent, new Dictionary<ThreadId, long>(), 10, Token).GetAsyncEnumerator(Token);
        Assert.True(await stream.MoveNextAsync());
        for (int i = 2; i <= 6; i++)
        {
            // Both hubs append, so each has to find out that the thread went on without it.
            byte[] envelope = thread.Seal(thread.A, $"text {i}");
            Assert.Equal(AppendResult.Appended(i), await (i % 2 == 0 ? here : there).AppendAsync(thread.Id, Make.Message(i), envelope, Token));
            Assert.True(await stream.MoveNextAsync());
            Assert.Equal((long)i, stream.Current.Envelope.Position);
        }

        Assert.Equal(AppendResult.Duplicate(6), await there.AppendAsync(thread.Id, Make.Message(6), stream.Current.Envelope.Envelope, Token));
    }

    private static Task<StoreResult> CommitAsync(PostgreSqlEnvelopeStore store, params StoreOp[] ops) =>
        store.CommitAsync(new StoreCommit(ops[0].Shard!.Value, ops), Token).AsTask();

    private static async Task<Claim> LeaseAsync(PostgreSqlEnvelopeStore store, Guid owner, TimeSpan duration) =>
        Assert.Single(await store.ClaimAsync(new ClaimRequest(ClaimKind.Inbox, owner, duration, 1, Make.Agent(1), Make.Thread(1)), Token));

    private Task CreateAsync(int thread, params int[] members) => CommitAsync(First, Make.Create(thread), Make.Members(thread, members));
}
