using AgentFlow.Hub.Tests.Helpers;

namespace AgentFlow.HubServer.Tests.Failures;

/// <summary>Subscribers that have credit and never read.</summary>
public sealed class SlowConsumerTests(ITestOutputHelper output)
{
    private const int Subscribers = 20;
    private const int Envelopes = 1200;
    private const int Bytes = 16 << 10;

    [Fact]
    public async Task Subscribers_that_never_read_cost_a_hub_no_memory_for_what_they_do_not_take()
    {
        var cancel = TestContext.Current.CancellationToken;
        using var folder = new TestDirectory();
        using var fleet = new Fleet(threads: 8, Bytes);
        using var server = await HubServerProcess.StartAsync(null, "--data", folder.Root);
        await using var hub = GrpcHub.Connect(server.Address);
        await fleet.BeginAsync(hub);
        using (var warm = new CancellationTokenSource())
        {
            var load = fleet.RunAsync([hub], warm.Token);
            await fleet.UntilAnsweredAsync(Envelopes / 4);
            await warm.CancelAsync();
            await load;
        }

        long before = server.ResidentBytes;
        var clients = new List<GrpcHub>();
        var streams = new List<IAsyncEnumerator<Protocol.Hub.Delivery>>();
        for (int i = 0; i < Subscribers; i++)
        {
            clients.Add(GrpcHub.Connect(server.Address));
            streams.Add(fleet.AsBob(clients[i]).SubscribeAsync(fleet.Bob, new Dictionary<ThreadId, long>(), 1000, cancel).GetAsyncEnumerator(cancel));
            Assert.True(await streams[i].MoveNextAsync());
        }

        using (var stop = new CancellationTokenSource())
        {
            var load = fleet.RunAsync([hub], stop.Token);
            await fleet.UntilAnsweredAsync(Envelopes);
            await stop.CancelAsync();
            await load;
        }

        long grown = server.ResidentBytes - before;
        output.WriteLine($"{grown >> 20} MiB more, of {(long)Subscribers * Envelopes * Bytes >> 20} MiB that nobody took");
        // Each could hold its page of at most 1 MiB and the windows of its stream; a hub that buffered would hold everything.
        Assert.True(grown < (long)Subscribers * Envelopes * Bytes / 3, $"The hub grew by {grown >> 20} MiB.");
        await fleet.CheckAsync(hub);
        foreach (var client in clients)
            await client.DisposeAsync();
    }
}
