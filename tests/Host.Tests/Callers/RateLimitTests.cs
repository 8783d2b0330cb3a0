using System.Net;
using AgentFlow.Host.Limits;
using AgentFlow.Host.Tests.Servers;
using AgentFlow.Hub;
using AgentFlow.Hub.Memory;
using AgentFlow.Hub.Tests.Helpers;
using AgentFlow.Protocol.Hub;
using AgentFlow.Wire.Messages;
using AgentFlow.Wire.Statuses;
using AgentFlow.Wire.Values;

namespace AgentFlow.Host.Tests.Callers;

/// <summary>How often callers may call. The buckets of these tests fill so slowly that time plays no part.</summary>
public sealed class RateLimitTests : IAsyncLifetime
{
    private static readonly RateLimit s_three = new(1, TimeSpan.FromHours(1), 3);
    private readonly HubActor _alice = new("alice", 1);
    private readonly HubActor _bob = new("bob", 2);
    private InProcessHub? _hub;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _hub = await InProcessHub.StartAsync(new MemoryEnvelopeStore(), null, Token);
        await _hub.RegisterAgentAsync(_alice.Registration, Token);
        await _hub.RegisterAgentAsync(_bob.Registration, Token);
    }

    public async ValueTask DisposeAsync()
    {
        await _hub!.DisposeAsync();
        _alice.Dispose();
        _bob.Dispose();
    }

    [Fact]
    public async Task An_agent_that_calls_too_often_is_told_when_to_come_again_and_others_are_served()
    {
        await using var server = await LoopbackServer.StartAsync(_hub!, options => options.AgentLimit = s_three);
        var (alice, bob) = (await Logins.TokenAsync(server.Address, _alice), await Logins.TokenAsync(server.Address, _bob));
        for (int call = 0; call < s_three.Burst; call++)
            Assert.Equal(GrpcStatusCode.Ok, (await ListAsync(server, _alice, alice)).Code);
        var refused = await ListAsync(server, _alice, alice);
        Assert.Equal((GrpcStatusCode.ResourceExhausted, true), (refused.Code!.Value, refused.IsTrailersOnly));
        Assert.Equal(HubStatus.Busy, StatusDetails.Decode(refused.Headers.GetValues("grpc-status-details-bin").Single()));
        int seconds = int.Parse(refused.Headers.GetValues("retry-after").Single(), null);
        Assert.InRange(seconds, 1, 3600);
        Assert.InRange(int.Parse(refused.Headers.GetValues("grpc-retry-pushback-ms").Single(), null), 1, seconds * 1000);
        Assert.Equal(GrpcStatusCode.Ok, (await ListAsync(server, _bob, bob)).Code);
    }

    [Fact]
    public async Task Who_asks_for_challenges_or_guesses_tokens_is_counted_by_address()
    {
        await using var server = await LoopbackServer.StartAsync(_hub!, options => options.AddressLimit = s_three);
        await Logins.ChallengeAsync(server.Address);
        Assert.Equal(GrpcStatusCode.Unauthenticated, (await ListAsync(server, _alice, "guess 1")).Code);
        Assert.Equal(GrpcStatusCode.Unauthenticated, (await ListAsync(server, _alice, "guess 2")).Code);
        Assert.Equal(GrpcStatusCode.ResourceExhausted, (await ListAsync(server, _alice, "guess 3")).Code);
        Assert.Equal(GrpcStatusCode.ResourceExhausted, (await RawCall.SendAsync(server.Address, Logins.Hub + "Challenge", Logins.Frame(new ChallengeRequest()))).Code);
    }

    [Fact]
    public async Task An_agent_that_has_logged_in_is_not_counted_with_the_strangers_of_its_address()
    {
        await using var server = await LoopbackServer.StartAsync(_hub!, options => options.AddressLimit = s_three);
        string token = await Logins.TokenAsync(server.Address, _alice);
        for (int call = 0; call < 10; call++)
            Assert.Equal(GrpcStatusCode.Ok, (await ListAsync(server, _alice, token)).Code);
    }

    [Fact]
    public async Task A_client_gives_a_refusal_to_its_user_where_the_pause_is_longer_than_it_may_wait()
    {
        await using var server = await LoopbackServer.StartAsync(_hub!, options => options.AgentLimit = s_three);
        await using var hub = GrpcHub.Connect(server.Address, new GrpcHubOptions { RetryFor = TimeSpan.FromSeconds(30) });
        var alice = hub.ActAs(_alice.Credential);
        for (int call = 0; call < s_three.Burst; call++)
            await alice.ListInboxAsync(_alice.Agent, unreadOnly: false, null, 1, Token);
        var refusal = await Assert.ThrowsAsync<HubException>(() => alice.ListInboxAsync(_alice.Agent, unreadOnly: false, null, 1, Token).AsTask());
        Assert.Equal((HubStatus.Busy, true), (refusal.Status, refusal.IsTransient));
    }

    [Fact]
    public async Task A_client_waits_as_long_as_the_hub_says_and_then_calls_again()
    {
        await using var server = await LoopbackServer.StartAsync(_hub!, options => options.AgentLimit = new RateLimit(1, TimeSpan.FromMilliseconds(50), 1));
        await using var hub = GrpcHub.Connect(server.Address, new GrpcHubOptions { RetryFor = TimeSpan.FromMinutes(1) });
        var alice = hub.ActAs(_alice.Credential);
        for (int call = 0; call < 5; call++)
            Assert.Empty((await alice.ListInboxAsync(_alice.Agent, unreadOnly: false, null, 1, Token)).Entries);
    }

    [Fact]
    public async Task A_stream_of_appends_waits_instead_of_losing_its_order()
    {
        await using var server = await LoopbackServer.StartAsync(_hub!, options => options.AgentLimit = new RateLimit(1, TimeSpan.FromMilliseconds(10), 2));
        await using var hub = GrpcHub.Connect(server.Address);
        using var thread = new HubThread(_alice, _bob);
        var alice = hub.ActAs(_alice.Credential);
        Assert.Equal(AppendResult.Appended(1), await alice.CreateThreadAsync(thread.Id, Make.Message(1), thread.Genesis, Token));
        var results = await Task.WhenAll(Enumerable.Range(2, 20).Select(i => alice.AppendAsync(thread.Id, Make.Message(i), thread.Seal(thread.A, "x"), Token).AsTask()));
        Assert.Equal(Enumerable.Range(2, 20).Select(i => AppendResult.Appended(i)), results);
    }

    [Theory]
    [InlineData(0, 1000, 1)]
    [InlineData(2, 1000, 1)]
    [InlineData(1, 0, 1)]
    public async Task A_limit_that_makes_no_sense_stops_the_start_and_names_the_fix(int calls, int milliseconds, int burst)
    {
        var failure = await Assert.ThrowsAsync<Microsoft.Extensions.Options.OptionsValidationException>(() => LoopbackServer.StartAsync(
            _hub!, options => options.AgentLimit = new RateLimit(calls, TimeSpan.FromMilliseconds(milliseconds), burst)));
        Assert.Contains("HubServerOptions.AgentLimit", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("2001:db8:1:2:3::4", "2001:db8:1:2::")]
    [InlineData("::ffff:192.0.2.7", "192.0.2.7")]
    [InlineData("192.0.2.7", "192.0.2.7")]
    public void An_address_stands_for_the_network_that_its_owner_has(string address, string network) =>
        Assert.Equal(IPAddress.Parse(network), CallLimits.NetworkOf(IPAddress.Parse(address)));

    private static Task<RawCall> ListAsync(LoopbackServer server, HubActor actor, string token) => RawCall.SendAsync(
        server.Address, Logins.Hub + "ListInbox", Logins.Frame(new ListInboxRequest { Agent = actor.Agent.ToWire(), MaxCount = 1 }),
        headers: Logins.Header(token));
}
