using AgentFlow.Host.Tests.Servers;
using AgentFlow.Hub;
using AgentFlow.Hub.Memory;
using AgentFlow.Hub.Tests.Helpers;
using AgentFlow.Protocol.Crypto;
using AgentFlow.Protocol.Hub;
using AgentFlow.Wire.Messages;
using AgentFlow.Wire.Statuses;
using AgentFlow.Wire.Values;
using Google.Protobuf;

namespace AgentFlow.Host.Tests.Callers;

/// <summary>What a caller may do: for its own agent, and in the threads that this agent is a member of.</summary>
public sealed class AuthorizationTests : IAsyncLifetime
{
    private static readonly Dictionary<ThreadId, long> s_fromStart = [];
    private static readonly Guid s_owner = new(1, 0, 0, new byte[8]);
    private readonly HubActor _alice = new("alice", 1);
    private readonly HubActor _bob = new("bob", 2);
    private readonly HubActor _eve = new("eve", 7);
    private InProcessHub? _hub;
    private LoopbackServer? _server;
    private GrpcHub? _client;
    private HubThread? _thread;

    public static TheoryData<string> Methods =>
    [
        "ReadAgent", "ResolveName", "CreateThread", "Append", "AppendStream", "ReadThread", "Subscribe", "Acknowledge", "ListInbox", "AcquireLease",
        "ReleaseLease", "PutBlob", "GetBlob",
    ];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private HubThread Thread => _thread!;

    public async ValueTask InitializeAsync()
    {
        _hub = await InProcessHub.StartAsync(new MemoryEnvelopeStore(), null, Token);
        _server = await LoopbackServer.StartAsync(_hub);
        _client = GrpcHub.Connect(_server.Address);
        foreach (var actor in new[] { _alice, _bob, _eve })
            Assert.Equal(HubStatus.Ok, await _client.RegisterAgentAsync(actor.Registration, Token));
        _thread = new HubThread(_alice, _bob);
        Assert.Equal(AppendResult.Appended(1), await As(_alice).CreateThreadAsync(_thread.Id, Make.Message(1), _thread.Genesis, Token));
    }

    public async ValueTask DisposeAsync()
    {
        await _client!.DisposeAsync();
        await _server!.DisposeAsync();
        await _hub!.DisposeAsync();
        Thread.Dispose();
        _alice.Dispose();
        _bob.Dispose();
        _eve.Dispose();
    }

    [Fact]
    public void The_methods_that_are_tested_without_a_token_are_all_that_the_hub_has_but_three() =>
        Assert.Equal(
            HubReflection.Descriptor.Services[0].Methods.Select(method => method.Name).Order(),
            Methods.Select(row => row.Data).Concat(["Challenge", "Login", "RegisterAgent"]).Order());

    [Theory]
    [MemberData(nameof(Methods))]
    public async Task Who_does_not_log_in_is_unauthenticated_whatever_is_sent(string method)
    {
        foreach (byte[] body in new byte[][] { [], new byte[5], [0, 0, 0, 0, 3, 255, 255, 255], [0, 127, 0, 0, 0] })
        {
            var answer = await RawCall.SendAsync(_server!.Address, Logins.Hub + method, body);
            Assert.Equal((GrpcStatusCode.Unauthenticated, true), (answer.Code!.Value, answer.IsTrailersOnly));
            Assert.Equal(HubStatus.Unauthenticated, StatusDetails.Decode(answer.Headers.GetValues("grpc-status-details-bin").Single()));
        }
    }

    [Fact]
    public async Task A_member_reads_appends_acknowledges_and_leases()
    {
        var (alice, bob) = (As(_alice), As(_bob));
        Assert.Equal(AppendResult.Appended(2), await alice.AppendAsync(Thread.Id, Make.Message(2), Thread.Seal(Thread.A, "x"), Token));
        Assert.Equal(AppendResult.Appended(3), await bob.AppendAsync(Thread.Id, Make.Message(3), Thread.Seal(Thread.B, "y"), Token));
        Assert.Equal(3, (await bob.ReadThreadAsync(Thread.Id, 0, 10, 1 << 20, Token)).Head);
        await _hub!.DrainAsync(Token);
        Assert.Equal(HubStatus.Ok, await bob.AcknowledgeAsync(_bob.Agent, Thread.Id, 3, Token));
        Assert.Equal(3, Assert.Single((await bob.ListInboxAsync(_bob.Agent, false, null, 10, Token)).Entries).Acknowledged);
        var lease = await bob.AcquireLeaseAsync(_bob.Agent, Thread.Id, s_owner, TimeSpan.FromSeconds(10), Token);
        Assert.Equal((HubStatus.Ok, HubStatus.Ok), (lease.Status, await bob.ReleaseLeaseAsync(_bob.Agent, Thread.Id, s_owner, lease.Token, Token)));
    }

    [Fact]
    public async Task No_agent_acts_for_another_one()
    {
        var eve = As(_eve);
        Assert.Equal(HubStatus.Denied, await eve.AcknowledgeAsync(_bob.Agent, Thread.Id, 1, Token));
        Assert.Equal(HubStatus.Denied, (await eve.AcquireLeaseAsync(_bob.Agent, Thread.Id, s_owner, TimeSpan.FromSeconds(10), Token)).Status);
        Assert.Equal(HubStatus.Denied, await eve.ReleaseLeaseAsync(_bob.Agent, Thread.Id, s_owner, 1, Token));
        Assert.Equal(HubStatus.Denied, (await Assert.ThrowsAsync<HubException>(() => eve.ListInboxAsync(_bob.Agent, false, null, 10, Token).AsTask())).Status);
        await using var stream = eve.SubscribeAsync(_bob.Agent, s_fromStart, 10, Token).GetAsyncEnumerator(Token);
        Assert.Equal(HubStatus.Denied, (await Assert.ThrowsAsync<HubException>(() => stream.MoveNextAsync().AsTask())).Status);

        await _hub!.DrainAsync(Token);
        var row = Assert.Single((await As(_bob).ListInboxAsync(_bob.Agent, false, null, 10, Token)).Entries);
        Assert.Equal((1L, 0L), (row.Head, row.Acknowledged));
    }

    [Fact]
    public async Task Who_is_no_member_neither_reads_nor_appends_nor_follows_a_thread()
    {
        var eve = As(_eve);
        byte[] envelope = Thread.Seal(Thread.A, "x");
        var page = await eve.ReadThreadAsync(Thread.Id, 0, 10, 1 << 20, Token);
        Assert.Equal((HubStatus.NotMember, 0), (page.Status, page.Envelopes.Count));
        Assert.Equal(AppendResult.Refused(HubStatus.NotMember), await eve.AppendAsync(Thread.Id, Make.Message(2), envelope, Token));
        Assert.Equal(AppendResult.Refused(HubStatus.NotMember), await eve.AppendAsync(Thread.Id, Make.Message(2), new byte[10], Token));
        Assert.Equal(HubStatus.NotMember, await eve.AcknowledgeAsync(_eve.Agent, Thread.Id, 1, Token));
        Assert.Equal(HubStatus.NotMember, (await eve.AcquireLeaseAsync(_eve.Agent, Thread.Id, s_owner, TimeSpan.FromSeconds(10), Token)).Status);
        Assert.Equal(AppendResult.Appended(2), await As(_alice).AppendAsync(Thread.Id, Make.Message(2), envelope, Token));
        // Also where the bytes stand there already.
        Assert.Equal(AppendResult.Refused(HubStatus.NotMember), await eve.AppendAsync(Thread.Id, Make.Message(2), envelope, Token));

        using var other = new HubThread(_alice, _eve);
        await As(_alice).CreateThreadAsync(other.Id, Make.Message(9), other.Genesis, Token);
        await using var stream = eve.SubscribeAsync(_eve.Agent, new Dictionary<ThreadId, long> { [Thread.Id] = 0 }, 10, Token).GetAsyncEnumerator(Token);
        Assert.True(await stream.MoveNextAsync());
        Assert.Equal(other.Id, stream.Current.Thread);
    }

    [Fact]
    public async Task A_member_brings_no_envelope_of_another_one()
    {
        byte[] envelope = Thread.Seal(Thread.A, "x");
        Assert.Equal(AppendResult.Refused(HubStatus.Denied), await As(_bob).AppendAsync(Thread.Id, Make.Message(2), envelope, Token));
        Assert.Equal(AppendResult.Appended(2), await As(_alice).AppendAsync(Thread.Id, Make.Message(2), envelope, Token));
        Assert.Equal(AppendResult.Duplicate(2), await As(_alice).AppendAsync(Thread.Id, Make.Message(2), envelope, Token));
    }

    [Fact]
    public async Task A_thread_is_created_by_its_creator()
    {
        using var other = new HubThread(_alice, _bob);
        foreach (var actor in new[] { _bob, _eve })
            Assert.Equal(AppendResult.Refused(HubStatus.Denied), await As(actor).CreateThreadAsync(other.Id, Make.Message(1), other.Genesis, Token));
        Assert.Equal(AppendResult.Refused(HubStatus.Invalid), await As(_eve).CreateThreadAsync(other.Id, Make.Message(1), new byte[500], Token));
        Assert.Equal(AppendResult.Appended(1), await As(_alice).CreateThreadAsync(other.Id, Make.Message(1), other.Genesis, Token));
    }

    [Fact]
    public async Task Blobs_names_and_logs_are_for_every_agent_that_logs_in()
    {
        byte[] blob = Make.Body(1, 1000);
        var id = AfHash.Hash(Labels.Blob, blob);
        Assert.Equal(HubStatus.Ok, await As(_alice).PutBlobAsync(id, blob, Token));
        Assert.Equal(blob, (await As(_eve).GetBlobAsync(id, Token))!.Value.ToArray());
        Assert.Equal(_bob.Agent, await As(_eve).ResolveNameAsync("bob", Token));
        Assert.Equal(_bob.Log.Bytes.ToArray(), (await As(_eve).ReadAgentAsync(_bob.Agent, Token))!.IdentityLog.ToArray());
    }

    [Fact]
    public async Task A_name_stays_with_the_agent_that_had_it_first()
    {
        using var impostor = new HubActor("alice", 5);
        Assert.Equal(HubStatus.Conflict, await _client!.RegisterAgentAsync(impostor.Registration, Token));
        Assert.Equal(HubStatus.Unauthenticated, (await Assert.ThrowsAsync<HubException>(() => As(impostor).ResolveNameAsync("alice", Token).AsTask())).Status);
        Assert.Equal(_alice.Agent, await As(_eve).ResolveNameAsync("alice", Token));
    }

    [Fact]
    public async Task A_refusal_is_permission_denied_and_names_its_reason()
    {
        string token = await Logins.TokenAsync(_server!.Address, _eve);
        var list = new ListInboxRequest { Agent = _bob.Agent.ToWire(), MaxCount = 10 };
        var denied = await RawCall.SendAsync(_server.Address, Logins.Hub + "ListInbox", Logins.Frame(list), headers: Logins.Header(token));
        var read = new ReadThreadRequest { Thread = Thread.Id.ToWire(), MaxCount = 10, MaxBytes = 1000 };
        var notMember = await RawCall.SendAsync(_server.Address, Logins.Hub + "ReadThread", Logins.Frame(read), headers: Logins.Header(token));

        foreach (var (answer, reason) in new[] { (denied, HubStatus.Denied), (notMember, HubStatus.NotMember) })
        {
            Assert.Equal(GrpcStatusCode.PermissionDenied, answer.Code);
            Assert.Equal(reason, StatusDetails.Decode(answer.Headers.GetValues("grpc-status-details-bin").Single()));
            Assert.Empty(answer.Body);
        }
    }

    [Fact]
    public async Task In_the_append_stream_a_refusal_ends_no_other_append()
    {
        string token = await Logins.TokenAsync(_server!.Address, _bob);
        byte[] Append(ulong number, byte[] envelope)
        {
            var append = new AppendRequest
            {
                Thread = Thread.Id.ToWire(), MessageId = Make.Message((int)number).ToWire(), Envelope = ByteString.CopyFrom(envelope),
            };
            return Logins.Frame(new AppendStreamRequest { Number = number, Append = append });
        }

        byte[] body = [.. Append(2, Thread.Seal(Thread.A, "not mine")), .. Append(3, Thread.Seal(Thread.B, "mine"))];
        var answer = await RawCall.SendAsync(_server.Address, Logins.Hub + "AppendStream", body, headers: Logins.Header(token));

        var first = AppendStreamResponse.Parser.ParseFrom(answer.Body, 5, answer.Body[4]);
        int at = 5 + answer.Body[4];
        var second = AppendStreamResponse.Parser.ParseFrom(answer.Body, at + 5, answer.Body[at + 4]);
        var answers = new[] { first, second }.OrderBy(one => one.Number).ToArray();
        Assert.Equal((2ul, Refusal.Denied), (answers[0].Number, answers[0].Refusal));
        Assert.Equal((3ul, 2L), (answers[1].Number, answers[1].Appended.Position));
    }

    private IHub As(HubActor actor) => _client!.ActAs(actor.Credential);
}
