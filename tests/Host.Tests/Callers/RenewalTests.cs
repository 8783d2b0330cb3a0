using AgentFlow.Host.Tests.Servers;
using AgentFlow.Hub;
using AgentFlow.Hub.Memory;
using AgentFlow.Hub.Sqlite;
using AgentFlow.Hub.Stores;
using AgentFlow.Hub.Tests.Helpers;
using AgentFlow.Protocol.Hub;
using AgentFlow.Protocol.Identity;
using AgentFlow.Storage;
using AgentFlow.Wire.Messages;
using AgentFlow.Wire.Statuses;

namespace AgentFlow.Host.Tests.Callers;

/// <summary>What a client notices of tokens that end: nothing, until its device may not go on.</summary>
public sealed class RenewalTests : IAsyncLifetime
{
    private static readonly Dictionary<ThreadId, long> s_fromStart = [];
    private readonly HubActor _alice = new("alice", 1);
    private readonly HubActor _bob = new("bob", 2);
    private readonly ManualTime _serverTime = new();
    private readonly ManualTime _clientTime = new();
    private InProcessHub? _hub;
    private LoopbackServer? _server;
    private GrpcHub? _client;
    private HubThread? _thread;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private HubThread Thread => _thread!;

    public async ValueTask InitializeAsync()
    {
        _hub = await InProcessHub.StartAsync(new MemoryEnvelopeStore(), null, Token);
        _server = await LoopbackServer.StartAsync(_hub, clock: _serverTime);
        _client = GrpcHub.Connect(_server.Address, new GrpcHubOptions { FirstPause = TimeSpan.Zero }, _clientTime);
        await _client.RegisterAgentAsync(_alice.Registration, Token);
        await _client.RegisterAgentAsync(_bob.Registration, Token);
        _thread = new HubThread(_alice, _bob);
        await _hub.CreateThreadAsync(_thread.Id, Make.Message(1), _thread.Genesis, Token);
    }

    public async ValueTask DisposeAsync()
    {
        await _client!.DisposeAsync();
        await _server!.DisposeAsync();
        await _hub!.DisposeAsync();
        Thread.Dispose();
        _alice.Dispose();
        _bob.Dispose();
    }

    [Fact]
    public async Task A_client_logs_in_again_before_its_token_ends()
    {
        var alice = As(_alice);
        for (int i = 2; i < 12; i++)
        {
            Assert.Equal(AppendResult.Appended(i), await alice.AppendAsync(Thread.Id, Make.Message(i), Thread.Seal(Thread.A, "x"), Token));
            Assert.Equal(_bob.Agent, await alice.ResolveNameAsync("bob", Token));
            Advance(TimeSpan.FromMinutes(12));
        }
    }

    [Fact]
    public async Task A_client_whose_token_the_hub_does_not_take_logs_in_and_repeats_the_call()
    {
        var alice = As(_alice);
        byte[] blob = Make.Body(1, 100);
        var id = Protocol.Crypto.AfHash.Hash(Protocol.Crypto.Labels.Blob, blob);
        Assert.Equal(_bob.Agent, await alice.ResolveNameAsync("bob", Token));
        _serverTime.Advance(TimeSpan.FromMinutes(16));
        Assert.Equal(AppendResult.Appended(2), await alice.AppendAsync(Thread.Id, Make.Message(2), Thread.Seal(Thread.A, "x"), Token));
        _serverTime.Advance(TimeSpan.FromMinutes(16));
        Assert.Equal(HubStatus.Ok, await alice.PutBlobAsync(id, blob, Token));
        _serverTime.Advance(TimeSpan.FromMinutes(16));
        Assert.Equal(blob, (await alice.GetBlobAsync(id, Token))!.Value.ToArray());
        _serverTime.Advance(TimeSpan.FromMinutes(16));
        await using var stream = alice.SubscribeAsync(_alice.Agent, s_fromStart, 10, Token).GetAsyncEnumerator(Token);
        Assert.True(await stream.MoveNextAsync());
    }

    [Fact]
    public async Task A_subscription_outlives_its_tokens_and_loses_nothing()
    {
        await using var stream = As(_bob).SubscribeAsync(_bob.Agent, s_fromStart, 10, Token).GetAsyncEnumerator(Token);
        for (int position = 1; position <= 6; position++)
        {
            if (position > 1)
                await _hub!.AppendAsync(Thread.Id, Make.Message(position), Thread.Seal(Thread.A, "x"), Token);
            Assert.True(await stream.MoveNextAsync());
            Assert.Equal(position, stream.Current.Envelope.Position);
            Advance(TimeSpan.FromMinutes(16));
        }
    }

    [Fact]
    public async Task A_revoked_device_is_shut_out_of_its_streams_and_told_so()
    {
        var (alice, bob) = (As(_alice), As(_bob));
        await using var stream = bob.SubscribeAsync(_bob.Agent, s_fromStart, 10, Token).GetAsyncEnumerator(Token);
        Assert.True(await stream.MoveNextAsync());
        Assert.Equal(AppendResult.Appended(2), await bob.AppendAsync(Thread.Id, Make.Message(2), Thread.Seal(Thread.B, "x"), Token));
        Assert.True(await stream.MoveNextAsync());
        var revoked = IdentityLogWriter.RevokeKey(_bob.Log, _bob.Device.PublicKey, 1, 0, _bob.Root, HubActor.Now);
        Assert.Equal(HubStatus.Ok, await _client!.RegisterAgentAsync(new AgentRegistration(_bob.Agent, revoked.Bytes, default), Token));
        var next = stream.MoveNextAsync().AsTask();
        _serverTime.Advance(TimeSpan.FromSeconds(30));

        Assert.Equal(HubStatus.Unauthenticated, (await Assert.ThrowsAsync<HubException>(() => next)).Status);
        Assert.Equal(HubStatus.Unauthenticated, (await Assert.ThrowsAsync<HubException>(() => bob.ReadThreadAsync(Thread.Id, 0, 1, 1, Token).AsTask())).Status);
        var append = await Record.ExceptionAsync(async () =>
        {
            // The first answer may be that the stream was cut.
            while (await bob.AppendAsync(Thread.Id, Make.Message(3), Thread.Seal(Thread.B, "y"), Token) is var result)
                Assert.Equal(AppendResult.Refused(HubStatus.Unavailable), result);
        });
        Assert.Equal(HubStatus.Unauthenticated, Assert.IsType<HubException>(append).Status);
        Assert.Equal(2, (await alice.ReadThreadAsync(Thread.Id, 0, 10, 1 << 20, Token)).Head);
    }

    [Fact]
    public async Task A_restarted_hub_takes_the_tokens_that_it_gave_out_where_its_store_is_the_same()
    {
        using var directory = new TestDirectory();
        string token;
        await using (var hub = await InProcessHub.StartAsync(Store(directory), null, Token))
        await using (var server = await LoopbackServer.StartAsync(hub, clock: _serverTime))
        {
            await hub.RegisterAgentAsync(_alice.Registration, Token);
            token = await Logins.TokenAsync(server.Address, _alice);
        }

        await using var restarted = await InProcessHub.StartAsync(Store(directory), null, Token);
        await using var again = await LoopbackServer.StartAsync(restarted, clock: _serverTime);
        byte[] request = Logins.Frame(new ResolveNameRequest { Name = "alice" });
        var answer = await RawCall.SendAsync(again.Address, Logins.Hub + "ResolveName", request, headers: Logins.Header(token));
        Assert.Equal(GrpcStatusCode.Ok, answer.Code);
    }

    [Fact]
    public async Task A_client_logs_in_again_at_a_hub_that_lost_its_store()
    {
        await using var fresh = await InProcessHub.StartAsync(new MemoryEnvelopeStore(), null, Token);
        await using var network = new LoopbackProxy(_server!.Address);
        await using var second = await LoopbackServer.StartAsync(fresh, options => options.Origins.Add(HubLogin.OriginOf(network.Address)));
        await using var first = await LoopbackServer.StartAsync(_hub!, options => options.Origins.Add(HubLogin.OriginOf(network.Address)));
        network.Server = first.Address;
        await using var client = GrpcHub.Connect(network.Address);
        var alice = client.ActAs(_alice.Credential);
        Assert.Equal(_bob.Agent, await alice.ResolveNameAsync("bob", Token));
        network.Server = second.Address;
        network.Cut();
        await client.RegisterAgentAsync(_alice.Registration, Token);

        Assert.Equal(_alice.Agent, await alice.ResolveNameAsync("alice", Token));
    }

    private static SqliteEnvelopeStore Store(TestDirectory directory) => new(directory.Database, new SqliteOptions());

    private void Advance(TimeSpan by)
    {
        _serverTime.Advance(by);
        _clientTime.Advance(by);
    }

    private IHub As(HubActor actor) => _client!.ActAs(actor.Credential);
}
