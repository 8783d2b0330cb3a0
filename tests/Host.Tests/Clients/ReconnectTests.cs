using AgentFlow.Host.Tests.Servers;
using AgentFlow.Hub;
using AgentFlow.Hub.Memory;
using AgentFlow.Hub.Stores;
using AgentFlow.Hub.Tests.Helpers;
using AgentFlow.Protocol.Hub;

namespace AgentFlow.Host.Tests.Clients;

/// <summary>What a client does when the network fails.</summary>
public sealed class ReconnectTests : IAsyncLifetime
{
    private static readonly Dictionary<ThreadId, long> s_fromStart = [];
    private readonly HubActor _alice = new("alice", 1);
    private readonly HubActor _bob = new("bob", 2);
    private readonly FaultyStore _store = new(new MemoryEnvelopeStore());
    private InProcessHub? _hub;
    private LoopbackServer? _server;
    private LoopbackProxy? _network;
    private HubThread? _thread;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private LoopbackProxy Network => _network!;

    private HubThread Thread => _thread!;

    public async ValueTask InitializeAsync()
    {
        _hub = await InProcessHub.StartAsync(_store, null, Token);
        _network = new LoopbackProxy();
        _server = await LoopbackServer.StartAsync(_hub, options => options.Origins.Add(_network.Address.ToString()));
        _network.Server = _server.Address;
        await _hub.RegisterAgentAsync(_alice.Registration, Token);
        await _hub.RegisterAgentAsync(_bob.Registration, Token);
        _thread = new HubThread(_alice, _bob);
        await _hub.CreateThreadAsync(_thread.Id, Make.Message(1), _thread.Genesis, Token);
    }

    public async ValueTask DisposeAsync()
    {
        await Network.DisposeAsync();
        await _server!.DisposeAsync();
        await _hub!.DisposeAsync();
        Thread.Dispose();
        _alice.Dispose();
        _bob.Dispose();
    }

    [Fact]
    public async Task A_subscription_goes_on_after_the_last_envelope_however_often_the_network_is_cut()
    {
        await using var client = Connect();
        await using var stream = client.ActAs(_bob.Credential).SubscribeAsync(_bob.Agent, s_fromStart, 5, Token).GetAsyncEnumerator(Token);
        for (int position = 1; position <= 40; position++)
        {
            if (position > 1)
                await _hub!.AppendAsync(Thread.Id, Make.Message(position), Thread.Seal(Thread.A, "x"), Token);
            Assert.True(await stream.MoveNextAsync());
            Assert.Equal(position, stream.Current.Envelope.Position);
            if (position % 10 == 0)
                Network.Cut();
        }

        Assert.True(Network.Connections > 3);
    }

    [Fact]
    public async Task An_append_whose_answer_is_lost_is_unavailable_and_its_repetition_a_duplicate()
    {
        await using var client = Connect();
        var alice = client.ActAs(_alice.Credential);
        Assert.Equal(AppendResult.Appended(2), await alice.AppendAsync(Thread.Id, Make.Message(2), Thread.Seal(Thread.A, "first"), Token));
        byte[] envelope = Thread.Seal(Thread.A, "once");
        Network.IsMute = true;
        var lost = alice.AppendAsync(Thread.Id, Make.Message(3), envelope, Token).AsTask();
        while ((await _hub!.ReadThreadAsync(Thread.Id, 2, 1, 1, Token)).Head < 3)
            await Task.Yield();
        Assert.False(lost.IsCompleted);
        Network.Cut();

        Assert.Equal(AppendResult.Refused(HubStatus.Unavailable), await lost);
        Network.IsMute = false;
        Assert.Equal(AppendResult.Duplicate(3), await alice.AppendAsync(Thread.Id, Make.Message(3), envelope, Token));
        Assert.Equal(3, (await alice.ReadThreadAsync(Thread.Id, 0, 10, 1 << 20, Token)).Head);
    }

    [Fact]
    public async Task An_append_that_gets_no_answer_in_time_is_unavailable()
    {
        var time = new ManualTime();
        await using var client = GrpcHub.Connect(Network.Address, null, time);
        var alice = client.ActAs(_alice.Credential);
        Network.IsMute = true;
        var append = alice.AppendAsync(Thread.Id, Make.Message(2), Thread.Seal(Thread.A, "x"), Token).AsTask();
        Assert.False(append.IsCompleted);
        time.Advance(TimeSpan.FromSeconds(31));

        Assert.Equal(AppendResult.Refused(HubStatus.Unavailable), await append);
    }

    [Fact]
    public async Task A_call_is_tried_again_until_the_hub_is_back()
    {
        await using var client = Connect();
        var alice = client.ActAs(_alice.Credential);
        Network.IsDown = true;
        var reading = alice.ReadAgentAsync(_alice.Agent, Token).AsTask();
        while (Network.Connections < 3)
            await Task.Yield();
        Assert.False(reading.IsCompleted);
        Network.IsDown = false;

        Assert.Equal(_alice.Log.Bytes.ToArray(), (await reading)!.IdentityLog.ToArray());
    }

    [Fact]
    public async Task A_hub_that_stays_away_is_unavailable_to_writes_and_an_exception_to_reads()
    {
        await using var client = GrpcHub.Connect(Network.Address, new GrpcHubOptions { RetryFor = TimeSpan.Zero });
        var alice = client.ActAs(_alice.Credential);
        Network.IsDown = true;

        Assert.Equal(HubStatus.Unavailable, await client.RegisterAgentAsync(_alice.Registration, Token));
        Assert.Equal(AppendResult.Refused(HubStatus.Unavailable), await alice.CreateThreadAsync(Thread.Id, Make.Message(1), Thread.Genesis, Token));
        Assert.Equal(AppendResult.Refused(HubStatus.Unavailable), await alice.AppendAsync(Thread.Id, Make.Message(2), Thread.Genesis, Token));
        var exception = await Assert.ThrowsAsync<HubException>(() => alice.ReadThreadAsync(Thread.Id, 0, 1, 1, Token).AsTask());
        Assert.Equal((HubStatus.Unavailable, true), (exception.Status, exception.IsTransient));
    }

    [Fact]
    public async Task A_consumer_that_does_not_read_on_holds_no_more_than_its_credit()
    {
        await using var client = Connect();
        await using var stream = client.ActAs(_bob.Credential).SubscribeAsync(_bob.Agent, s_fromStart, 4, Token).GetAsyncEnumerator(Token);
        Assert.True(await stream.MoveNextAsync());
        for (int position = 2; position <= 30; position++)
            await _hub!.AppendAsync(Thread.Id, Make.Message(position), Thread.Seal(Thread.A, "x"), Token);
        await _hub!.DrainAsync(Token);
        _store.LargestPage = 0;
        for (int position = 2; position <= 30; position++)
        {
            Assert.True(await stream.MoveNextAsync());
            Assert.Equal(position, stream.Current.Envelope.Position);
        }

        Assert.InRange(_store.LargestPage, 1, 4);
    }

    [Fact]
    public async Task Appends_of_many_threads_at_once_all_stand_in_their_order()
    {
        await using var client = Connect();
        var alice = client.ActAs(_alice.Credential);
        HubThread[] threads = [.. Enumerable.Range(0, 8).Select(_ => new HubThread(_alice, _bob))];
        for (int t = 0; t < threads.Length; t++)
            Assert.Equal(AppendResult.Appended(1), await alice.CreateThreadAsync(threads[t].Id, Make.Message(100 + t), threads[t].Genesis, Token));
        var results = await Task.WhenAll(Enumerable.Range(0, 400).Select(i =>
            alice.AppendAsync(threads[i % 8].Id, Make.Message(1000 + i), threads[i % 8].Seal(threads[i % 8].A, "x"), Token).AsTask()));

        Assert.Equal(Enumerable.Range(0, 400).Select(i => AppendResult.Appended(2 + (i / 8))), results);
        foreach (var thread in threads)
            thread.Dispose();
    }

    private GrpcHub Connect() =>
        GrpcHub.Connect(Network.Address, new GrpcHubOptions { FirstPause = TimeSpan.FromMilliseconds(1), LongestPause = TimeSpan.FromMilliseconds(5) });
}
