using AgentFlow.Host.Tests.Servers;
using AgentFlow.Hub;
using AgentFlow.Hub.Memory;
using AgentFlow.Hub.Tests.Helpers;
using AgentFlow.Protocol.Hub;
using AgentFlow.Protocol.Identity;
using AgentFlow.Wire.Messages;
using AgentFlow.Wire.Statuses;
using Google.Protobuf;

namespace AgentFlow.Host.Tests.Callers;

/// <summary>How a device proves which agent it speaks for, and who cannot.</summary>
public sealed class LoginTests : IAsyncLifetime
{
    private readonly HubActor _alice = new("alice", 1);
    private readonly HubActor _bob = new("bob", 2);
    private readonly ManualTime _time = new();
    private InProcessHub? _hub;
    private LoopbackServer? _server;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private Uri Address => _server!.Address;

    private string Origin => HubLogin.OriginOf(Address);

    public async ValueTask InitializeAsync()
    {
        _hub = await InProcessHub.StartAsync(new MemoryEnvelopeStore(_time), null, Token);
        _server = await LoopbackServer.StartAsync(_hub, clock: _time);
        await _hub.RegisterAgentAsync(_alice.Registration, Token);
        await _hub.RegisterAgentAsync(_bob.Registration, Token);
    }

    public async ValueTask DisposeAsync()
    {
        await _server!.DisposeAsync();
        await _hub!.DisposeAsync();
        _alice.Dispose();
        _bob.Dispose();
    }

    [Fact]
    public async Task A_device_that_signs_the_challenge_gets_a_token_for_15_minutes()
    {
        var answer = await Logins.SendAsync(Address, Logins.Request(_alice, await Logins.ChallengeAsync(Address), Origin));
        var response = LoginResponse.Parser.ParseFrom(answer.Body, 5, answer.Body.Length - 5);

        Assert.Equal((GrpcStatusCode.Ok, 900_000), (answer.Code!.Value, response.LifetimeMillis));
        Assert.Equal(GrpcStatusCode.Ok, await ListAsync(response.Token));
        _time.Advance(TimeSpan.FromSeconds(899));
        Assert.Equal(GrpcStatusCode.Ok, await ListAsync(response.Token));
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(GrpcStatusCode.Unauthenticated, await ListAsync(response.Token));
    }

    [Fact]
    public async Task Tokens_and_challenges_cross_midnight()
    {
        _time.Advance(TimeSpan.FromHours(24) - TimeSpan.FromMinutes(1));
        string token = await Logins.TokenAsync(Address, _alice);
        _time.Advance(TimeSpan.FromSeconds(30));
        byte[] challenge = await Logins.ChallengeAsync(Address);
        _time.Advance(TimeSpan.FromSeconds(40));
        Assert.Equal(GrpcStatusCode.Ok, (await Logins.SendAsync(Address, Logins.Request(_alice, challenge, Origin))).Code);
        _time.Advance(TimeSpan.FromMinutes(2));
        Assert.Equal(GrpcStatusCode.Ok, await ListAsync(token));
    }

    [Fact]
    public async Task A_challenge_is_good_once()
    {
        var request = Logins.Request(_alice, await Logins.ChallengeAsync(Address), Origin);
        Assert.Equal(GrpcStatusCode.Ok, (await Logins.SendAsync(Address, request)).Code);

        await AssertRefusedAsync(request, "used before");
    }

    [Fact]
    public async Task A_challenge_is_good_at_every_hub_on_the_store_and_once_at_all_of_them()
    {
        await using var second = await LoopbackServer.StartAsync(_hub!, options => options.Origins.Add(Origin), _time);
        var request = Logins.Request(_alice, await Logins.ChallengeAsync(Address), Origin);
        var answer = await Logins.SendAsync(second.Address, request);

        Assert.Equal(GrpcStatusCode.Ok, answer.Code);
        await AssertRefusedAsync(request, "used before");
        Assert.Equal(GrpcStatusCode.Ok, await ListAsync(LoginResponse.Parser.ParseFrom(answer.Body, 5, answer.Body.Length - 5).Token));
    }

    [Fact]
    public async Task A_challenge_that_is_a_minute_old_is_refused()
    {
        byte[] challenge = await Logins.ChallengeAsync(Address);
        _time.Advance(TimeSpan.FromSeconds(60));

        await AssertRefusedAsync(Logins.Request(_alice, challenge, Origin), "too old");
    }

    [Fact]
    public async Task A_challenge_that_the_hub_did_not_make_is_refused_whatever_byte_of_it_differs()
    {
        byte[] challenge = await Logins.ChallengeAsync(Address);
        for (int i = 0; i < challenge.Length; i++)
        {
            byte[] other = [.. challenge];
            other[i] ^= 1;
            await AssertRefusedAsync(Logins.Request(_alice, other, Origin), "not one of this hub");
        }

        foreach (int length in new[] { 0, 31, 33, 5000 })
        {
            var request = Logins.Request(_alice, challenge, Origin);
            request.Challenge = ByteString.CopyFrom(new byte[length]);
            await AssertRefusedAsync(request, "not one of this hub");
        }
    }

    [Fact]
    public async Task A_login_that_was_signed_for_another_hub_is_refused_whatever_the_request_says_of_its_host()
    {
        foreach (string origin in new[] { "http://evil.example", "https://" + Address.Authority, Origin.ToUpperInvariant(), Origin + "/", "http://localhost:" + Address.Port })
        {
            byte[] challenge = await Logins.ChallengeAsync(Address);
            await AssertRefusedAsync(Logins.Request(_alice, challenge, origin), "another address", ("host", "evil.example"));
            var relayed = Logins.Request(_alice, challenge, origin);
            relayed.Origin = Origin;
            await AssertRefusedAsync(relayed, "signature", ("host", "evil.example"));
        }
    }

    [Fact]
    public async Task A_signature_of_any_other_key_or_for_another_agent_is_refused()
    {
        byte[] challenge = await Logins.ChallengeAsync(Address);
        var wrong = Logins.Request(_alice, challenge, Origin, _bob.Device);
        wrong.Device = ByteString.CopyFrom(_alice.Device.PublicKey.Span);
        await AssertRefusedAsync(wrong, "signature");
        await AssertRefusedAsync(Logins.Request(_alice, challenge, Origin, _bob.Device), "not live");
        // The root is in the log, and no device.
        await AssertRefusedAsync(Logins.Request(_alice, challenge, Origin, _alice.Root), "not live");
        foreach (int length in new[] { 0, 63, 65 })
        {
            var cut = Logins.Request(_alice, challenge, Origin);
            cut.Signature = ByteString.CopyFrom(new byte[length]);
            await AssertRefusedAsync(cut, "signature");
        }

        using var unknown = new HubActor("mallory", 66);
        await AssertRefusedAsync(Logins.Request(unknown, challenge, Origin), "not live");
        Assert.Equal(GrpcStatusCode.Ok, (await Logins.SendAsync(Address, Logins.Request(_alice, challenge, Origin))).Code);
    }

    [Fact]
    public async Task A_revoked_device_cannot_log_in_and_one_past_its_time_neither()
    {
        using var second = HubActor.Key(9, 1);
        using var third = HubActor.Key(9, 2);
        var log = IdentityLogWriter.AddKey(_alice.Log, second, KeyUsage.MessageDevice, _time.GetUtcNow().AddMinutes(1).ToUnixTimeMilliseconds(), _alice.Root, HubActor.Now);
        log = IdentityLogWriter.AddKey(log, third, KeyUsage.MessageDevice, 0, _alice.Root, HubActor.Now);
        log = IdentityLogWriter.RevokeKey(log, third.PublicKey, 1, 0, _alice.Root, HubActor.Now);
        Assert.Equal(HubStatus.Ok, await _hub!.RegisterAgentAsync(new AgentRegistration(_alice.Agent, log.Bytes, default), Token));

        Assert.Equal(GrpcStatusCode.Ok, (await Logins.SendAsync(Address, Logins.Request(_alice, await Logins.ChallengeAsync(Address), Origin, second))).Code);
        await AssertRefusedAsync(Logins.Request(_alice, await Logins.ChallengeAsync(Address), Origin, third), "not live");
        _time.Advance(TimeSpan.FromMinutes(2));
        await AssertRefusedAsync(Logins.Request(_alice, await Logins.ChallengeAsync(Address), Origin, second), "not live");
    }

    [Fact]
    public async Task A_token_that_the_hub_did_not_make_is_refused_whatever_is_wrong_with_it()
    {
        string token = await Logins.TokenAsync(Address, _alice);
        for (int i = 0; i < token.Length; i += 3)
        {
            char other = token[i] == 'A' ? 'B' : 'A';
            Assert.Equal(GrpcStatusCode.Unauthenticated, await ListAsync(token[..i] + other + token[(i + 1)..]));
        }

        foreach (string bad in new[] { "", "x", token + "A", token[..^1], new string('A', token.Length), new string('~', token.Length), new string('A', 8000) })
            Assert.Equal(GrpcStatusCode.Unauthenticated, await ListAsync(bad));
        foreach (string header in new[] { token, "Basic " + token, "Bearer", "Bearer " + token + ", Bearer " + token })
            Assert.Equal(GrpcStatusCode.Unauthenticated, (await RawCall.SendAsync(Address, Logins.Hub + "ListInbox", List(), headers: ("authorization", header))).Code);
        Assert.Equal(GrpcStatusCode.Ok, await ListAsync(token));
    }

    [Fact]
    public async Task A_token_of_another_store_is_refused()
    {
        await using var other = await InProcessHub.StartAsync(new MemoryEnvelopeStore(_time), null, Token);
        await using var server = await LoopbackServer.StartAsync(other, clock: _time);
        await other.RegisterAgentAsync(_alice.Registration, Token);
        string token = await Logins.TokenAsync(server.Address, _alice);

        Assert.Equal(GrpcStatusCode.Unauthenticated, await ListAsync(token));
    }

    [Fact]
    public async Task A_token_ends_at_once_at_the_hub_that_learns_of_the_revocation()
    {
        string token = await Logins.TokenAsync(Address, _alice);
        Assert.Equal(GrpcStatusCode.Ok, await ListAsync(token));
        await _hub!.RegisterAgentAsync(new AgentRegistration(_alice.Agent, Revoked(_alice).Bytes, default), Token);

        Assert.Equal(GrpcStatusCode.Unauthenticated, await ListAsync(token));
    }

    [Fact]
    public async Task A_token_ends_within_the_check_interval_at_another_hub_on_the_store()
    {
        var store = new MemoryEnvelopeStore(_time);
        await using var first = await InProcessHub.StartAsync(store, null, Token);
        await using var second = await InProcessHub.StartAsync(new FaultyStore(store) { IsShared = true }, null, Token);
        await using var server = await LoopbackServer.StartAsync(second, clock: _time);
        await first.RegisterAgentAsync(_alice.Registration, Token);
        string token = await Logins.TokenAsync(server.Address, _alice);
        await first.RegisterAgentAsync(new AgentRegistration(_alice.Agent, Revoked(_alice).Bytes, default), Token);

        Assert.Equal(GrpcStatusCode.Ok, await ListAsync(token, server.Address));
        _time.Advance(TimeSpan.FromSeconds(30));
        Assert.Equal(GrpcStatusCode.Unauthenticated, await ListAsync(token, server.Address));
    }

    private static IdentityLog Revoked(HubActor actor) => IdentityLogWriter.RevokeKey(actor.Log, actor.Device.PublicKey, 1, 0, actor.Root, HubActor.Now);

    private byte[] List() => Logins.Frame(new ListInboxRequest { Agent = ByteString.CopyFrom(_alice.Agent.Span), MaxCount = 10 });

    private async Task<GrpcStatusCode> ListAsync(string token, Uri? address = null) =>
        (await RawCall.SendAsync(address ?? Address, Logins.Hub + "ListInbox", List(), headers: Logins.Header(token))).Code!.Value;

    private async Task AssertRefusedAsync(LoginRequest request, string because, params (string Name, string Value)[] headers)
    {
        var answer = await RawCall.SendAsync(Address, Logins.Hub + "Login", Logins.Frame(request), headers: headers);
        Assert.Equal(GrpcStatusCode.Unauthenticated, answer.Code);
        Assert.Contains(because, StatusText.Decode(answer.Headers.GetValues("grpc-message").Single()), StringComparison.Ordinal);
        Assert.Equal(HubStatus.Unauthenticated, StatusDetails.Decode(answer.Headers.GetValues("grpc-status-details-bin").Single()));
    }
}
