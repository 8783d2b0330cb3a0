using System.Net;
using AgentFlow.Host.Tests.Servers;
using AgentFlow.Hub;
using AgentFlow.Hub.Memory;
using AgentFlow.Hub.Stores;
using AgentFlow.Hub.Tests.Helpers;
using AgentFlow.Protocol.Hub;
using AgentFlow.Wire.Messages;
using AgentFlow.Wire.Statuses;
using AgentFlow.Wire.Values;
using Google.Protobuf;

namespace AgentFlow.Host.Tests.Calls;

/// <summary>Deadlines, compression, refusals and the end of the host.</summary>
public sealed class CallTests : IAsyncLifetime
{
    private readonly HubActor _alice = new("alice", 1);
    private readonly HubActor _bob = new("bob", 2);
    private readonly ManualTime _time = new();
    private readonly FaultyStore _store = new(new MemoryEnvelopeStore());
    private InProcessHub? _hub;
    private LoopbackServer? _server;
    private HubThread? _thread;
    private string _token = "";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _hub = await InProcessHub.StartAsync(_store, null, Token);
        _server = await LoopbackServer.StartAsync(_hub, clock: _time);
        await _hub.RegisterAgentAsync(_alice.Registration, Token);
        await _hub.RegisterAgentAsync(_bob.Registration, Token);
        _token = await Logins.TokenAsync(_server.Address, _alice);
        _thread = new HubThread(_alice, _bob);
        await _hub.CreateThreadAsync(_thread.Id, Make.Message(1), _thread.Genesis, Token);
    }

    public async ValueTask DisposeAsync()
    {
        await _server!.DisposeAsync();
        await _hub!.DisposeAsync();
        _thread!.Dispose();
        _alice.Dispose();
        _bob.Dispose();
    }

    [Fact]
    public async Task A_call_whose_deadline_is_over_ends_as_deadline_exceeded()
    {
        var arrived = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var never = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _store.Delay = commit =>
        {
            // The fan-out of the thread's first envelope may commit by now too, and is not what is waited for.
            if (commit.Ops[0] is not StoreOp.Append)
                return null;
            var waiting = never.Task.WaitAsync(TimeSpan.FromSeconds(1), _time, Token);
            arrived.TrySetResult();
            return waiting;
        };
        var call = RawCall.SendAsync(_server!.Address, "/agentflow.hub.v1.Hub/Append", Logins.Frame(Append(2)), headers: [Logins.Header(_token), ("grpc-timeout", "250m")]);
        await arrived.Task;
        _time.Advance(TimeSpan.FromMilliseconds(249));
        Assert.False(call.IsCompleted);
        _time.Advance(TimeSpan.FromSeconds(2));

        Assert.Equal(GrpcStatusCode.DeadlineExceeded, (await call).Code);
    }

    [Fact]
    public async Task A_refusal_names_its_reason_in_the_details()
    {
        var request = Append(2);
        request.Thread = Make.Thread(9).ToWire();
        var answer = await RawCall.SendAsync(_server!.Address, "/agentflow.hub.v1.Hub/Append", Logins.Frame(request), headers: Logins.Header(_token));

        Assert.Equal((GrpcStatusCode.NotFound, true), (answer.Code!.Value, answer.IsTrailersOnly));
        Assert.Equal(HubStatus.NotFound, StatusDetails.Decode(answer.Headers.GetValues("grpc-status-details-bin").Single()));
        Assert.Equal("The thread, agent, name or blob is not known.", StatusText.Decode(answer.Headers.GetValues("grpc-message").Single()));
    }

    [Fact]
    public async Task A_caller_that_compresses_is_answered_in_kind()
    {
        var read = new ReadThreadRequest { Thread = _thread!.Id.ToWire(), MaxCount = 10, MaxBytes = 1 << 20 };
        for (int i = 0; i < 4; i++)
            await _hub!.AppendAsync(_thread.Id, Make.Message(2 + i), _thread.Seal(_thread.A, new string('x', 500)), Token);
        var plain = await RawCall.SendAsync(_server!.Address, "/agentflow.hub.v1.Hub/ReadThread", Logins.Frame(read), headers: Logins.Header(_token));
        var zipped = await RawCall.SendAsync(
            _server.Address, "/agentflow.hub.v1.Hub/ReadThread", Logins.Frame(read), "application/grpc",
            Logins.Header(_token), ("grpc-encoding", "gzip"), ("grpc-accept-encoding", "identity, gzip"));
        var deaf = await RawCall.SendAsync(
            _server.Address, "/agentflow.hub.v1.Hub/ReadThread", Logins.Frame(read), "application/grpc", Logins.Header(_token), ("grpc-encoding", "gzip"));

        Assert.Equal((0, 1, 0), (plain.Body[0], zipped.Body[0], deaf.Body[0]));
        Assert.Equal("gzip", zipped.Headers.GetValues("grpc-encoding").Single());
        Assert.True(zipped.Body.Length < plain.Body.Length);
        Assert.Equal(plain.Body, deaf.Body);
    }

    [Fact]
    public async Task A_page_stops_before_it_exceeds_what_a_message_may_hold()
    {
        await using var small = await LoopbackServer.StartAsync(_hub!, options => options.MaxMessageBytes = 512 << 10);
        await using var connected = GrpcHub.Connect(small.Address);
        var client = connected.ActAs(_alice.Credential);
        for (int i = 0; i < 6; i++)
            await _hub!.AppendAsync(_thread!.Id, Make.Message(2 + i), _thread.Seal(_thread.A, new string('x', 100_000)), Token);
        long position = 0;
        int pages = 0;
        for (ThreadPage page = await client.ReadThreadAsync(_thread!.Id, 0, 1000, int.MaxValue, Token); position < page.Head; pages++)
        {
            page = await client.ReadThreadAsync(_thread.Id, position, 1000, int.MaxValue, Token);
            position = page.Envelopes[^1].Position;
        }

        Assert.Equal((7, true), (position, pages > 2));
    }

    [Fact]
    public async Task When_the_host_stops_health_says_so_and_streams_end()
    {
        await using var client = GrpcHub.Connect(_server!.Address);
        await using var stream = client.ActAs(_bob.Credential).SubscribeAsync(_bob.Agent, new Dictionary<ThreadId, long>(), 10, Token).GetAsyncEnumerator(Token);
        Assert.True(await stream.MoveNextAsync());
        var waiting = stream.MoveNextAsync().AsTask();
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(_server.Address, "/grpc.health.v1.Health/Watch"))
        {
            Content = new ByteArrayContent(new byte[5]) { Headers = { { "content-type", "application/grpc" } } },
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        using var watch = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Token);
        var seen = await watch.Content.ReadAsStreamAsync(Token);
        byte[] states = new byte[14];
        await seen.ReadExactlyAsync(states.AsMemory(0, 7), Token);
        await _server.StopAsync();
        await seen.ReadExactlyAsync(states.AsMemory(7), Token);

        Assert.Equal([0, 0, 0, 0, 2, 8, 1, 0, 0, 0, 0, 2, 8, 2], states);
        Assert.Equal(0, await seen.ReadAsync(new byte[1], Token));
        Assert.Equal("14", watch.TrailingHeaders.GetValues("grpc-status").Single());
        await client.DisposeAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
    }

    private AppendRequest Append(int id) => new()
    {
        Thread = _thread!.Id.ToWire(), MessageId = Make.Message(id).ToWire(), Envelope = ByteString.CopyFrom(_thread.Seal(_thread.A, "x")),
    };
}
