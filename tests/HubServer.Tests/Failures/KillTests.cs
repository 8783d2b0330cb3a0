using System.Diagnostics;
using AgentFlow.Hub.Tests.Helpers;

namespace AgentFlow.HubServer.Tests.Failures;

/// <summary>Hub processes that are killed, or frozen, under load.</summary>
public sealed class KillTests(ITestOutputHelper output)
{
    private static readonly TimeSpan s_promise = TimeSpan.FromSeconds(5);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_hub_on_SQLite_that_is_killed_again_and_again_under_load_has_kept_every_answer()
    {
        using var folder = new TestDirectory();
        using var fleet = new Fleet(threads: 4);
        using var stop = new CancellationTokenSource();
        var server = await HubServerProcess.StartAsync(null, "--data", folder.Root);
        var address = server.Address;
        await using var hub = GrpcHub.Connect(address);
        await fleet.BeginAsync(hub);
        var load = fleet.RunAsync([hub], stop.Token);
        for (int kill = 0; kill < Chaos.Rounds(3); kill++)
        {
            await fleet.UntilAnsweredAsync(60);
            server.KillNow();
            server.Dispose();
            server = await HubServerProcess.StartAtAsync(address, null, [], "--data", folder.Root);
        }

        await fleet.UntilAnsweredAsync(60);
        await stop.CancelAsync();
        await load;
        await fleet.CheckAsync(hub);
        Assert.Equal(0, await server.StopAsync());
        server.Dispose();
        var (exitCode, _, errors) = await HubServerProcess.RunAsync(null, "store", "verify", "--data", folder.Root);
        Assert.True(exitCode == 0, errors);
        output.WriteLine($"{fleet.Sent.AnsweredCount} answers");
    }

    [Fact]
    public async Task Of_two_replicas_one_is_killed_under_load_and_the_other_has_every_answer_and_takes_its_subscribers_by_cursor()
    {
        await using var replicas = await TwoReplicas.StartAsync();
        var (one, other) = (replicas.One, replicas.Other);
        using var fleet = new Fleet(threads: 4) { Acknowledges = false };
        using var stop = new CancellationTokenSource();
        await fleet.BeginAsync(one);
        var cursors = new Dictionary<ThreadId, long>();
        var load = fleet.RunAsync([one, other], stop.Token);
        await using (var there = fleet.AsBob(one).SubscribeAsync(fleet.Bob, new Dictionary<ThreadId, long>(), 100, Cancel).GetAsyncEnumerator(Cancel))
        {
            for (int i = 0; i < 50; i++)
            {
                Assert.True(await there.MoveNextAsync());
                cursors[there.Current.Thread] = there.Current.Envelope.Position;
            }
        }

        await fleet.UntilAnsweredAsync(60);
        replicas.First.KillNow();
        long killed = Stopwatch.GetTimestamp();
        await using (var here = fleet.AsBob(other).SubscribeAsync(fleet.Bob, new Dictionary<ThreadId, long>(cursors), 100, Cancel).GetAsyncEnumerator(Cancel))
        {
            for (int i = 0; i < 50; i++)
            {
                Assert.True(await here.MoveNextAsync());
                if (i == 0)
                    output.WriteLine($"resumed after {Stopwatch.GetElapsedTime(killed)}");
                if (i == 0)
                    Assert.True(Stopwatch.GetElapsedTime(killed) < s_promise, $"The subscription went on after {Stopwatch.GetElapsedTime(killed)}.");
                var (thread, position) = (here.Current.Thread, here.Current.Envelope.Position);
                Assert.Equal(cursors.GetValueOrDefault(thread) + 1, position);
                cursors[thread] = position;
            }
        }

        await fleet.UntilAnsweredAsync(60);
        await stop.CancelAsync();
        await load;
        await fleet.CheckAsync(other);
        Assert.Equal(0, await replicas.Second.StopAsync());
    }

    [Fact]
    public async Task A_replica_that_is_frozen_past_its_lease_comes_back_and_does_no_harm()
    {
        await using var replicas = await TwoReplicas.StartAsync();
        var (one, other) = (replicas.One, replicas.Other);
        using var fleet = new Fleet(threads: 4);
        using var stop = new CancellationTokenSource();
        await fleet.BeginAsync(one);
        var load = fleet.RunAsync([one, other], stop.Token);
        for (int round = 0; round < Chaos.Rounds(1); round++)
        {
            await fleet.UntilAnsweredAsync(60);
            replicas.First.Signal(HubServerProcess.Freeze);
            // Every sender that was with the frozen one has given it up.
            await fleet.UntilRefusedAsync(4);
            await fleet.UntilAnsweredAsync(60);
            // Its claims are over now, instead of in half a minute.
            await replicas.Cluster.RunAsync("UPDATE agentflow.outbox SET lease_until=0");
            await fleet.UntilAnsweredAsync(60);
            replicas.First.Signal(HubServerProcess.Continue);
            await fleet.AsBob(one).ResolveNameAsync("nobody", Cancel);
        }

        await fleet.UntilAnsweredAsync(60);
        await stop.CancelAsync();
        await load;
        await fleet.CheckAsync(other);
        await fleet.CheckAsync(one);
        Assert.Equal(0, await replicas.First.StopAsync());
        Assert.Equal(0, await replicas.Second.StopAsync());
    }
}
