using System.IO.Compression;
using System.Net;
using System.Net.Sockets;
using AgentFlow.Host.Tests.Servers;
using AgentFlow.Hub;
using AgentFlow.Hub.Memory;
using AgentFlow.Hub.Tests.Helpers;
using AgentFlow.Wire.Statuses;

namespace AgentFlow.Host.Tests.Hostile;

/// <summary>What no honest client sends: each is refused in words, and the server serves on.</summary>
public sealed class HostileRequestTests : IAsyncLifetime
{
    private const string Hub = "/agentflow.hub.v1.Hub/";
    private const string Resolve = Hub + "ResolveName";
    private static readonly byte[] s_alice = Convert.FromHexString("00000000070a05616c696365");
    private InProcessHub? _hub;
    private LoopbackServer? _server;

    /// <remarks>What a method makes of its bytes is looked at, so nobody is asked who calls: in front of that everything is refused alike.</remarks>
    public async ValueTask InitializeAsync()
    {
        _hub = await InProcessHub.StartAsync(new MemoryEnvelopeStore(), null, TestContext.Current.CancellationToken);
        _server = await LoopbackServer.StartAsync(_hub, options => (options.MaxMessageBytes, options.RequireLogin) = (1 << 20, false));
    }

    /// <summary>Every test ends with a server that is well.</summary>
    public async ValueTask DisposeAsync()
    {
        var health = await RawCall.SendAsync(_server!.Address, "/grpc.health.v1.Health/Check", new byte[5]);
        Assert.Equal((HttpStatusCode.OK, GrpcStatusCode.Ok), (health.Http, health.Code!.Value));
        Assert.Equal([0, 0, 0, 0, 2, 8, 1], health.Body);
        await _server.DisposeAsync();
        await _hub!.DisposeAsync();
    }

    public static TheoryData<string, byte[], int> Bodies => new()
    {
        { "no message", [], 12 },
        { "two messages", [.. s_alice, .. s_alice], 12 },
        { "a message and a half", [.. s_alice, 0, 0], 13 },
        { "a cut prefix", [0, 0, 0], 13 },
        { "a cut message", s_alice[..^1], 13 },
        { "4 GiB announced", [0, 255, 255, 255, 255, 1, 2, 3], 8 },
        { "one byte over the limit announced", [0, 0, 16, 0, 1], 8 },
        { "an unknown flag", [7, .. s_alice[1..]], 13 },
        { "compressed without saying how", [1, .. s_alice[1..]], 13 },
        { "no protobuf", [0, 0, 0, 0, 3, 255, 255, 255], 13 },
        { "a field that ends outside the message", [0, 0, 0, 0, 2, 10, 100], 13 },
    };

    [Theory]
    [MemberData(nameof(Bodies))]
    public async Task A_body_that_is_not_one_message_is_refused(string what, byte[] body, int code)
    {
        var answer = await RawCall.SendAsync(_server!.Address, Resolve, body);

        Assert.True(answer.Code == (GrpcStatusCode)code, $"{what}: {answer.Code}");
        Assert.Equal(HttpStatusCode.OK, answer.Http);
        Assert.True(answer.IsTrailersOnly);
        Assert.Empty(answer.Body);
    }

    [Fact]
    public async Task Gzip_that_is_none_or_grows_beyond_the_limit_is_refused()
    {
        byte[] bomb = Zip(new byte[200 << 20]);
        Assert.Equal(GrpcStatusCode.ResourceExhausted, (await GzipAsync(bomb)).Code);
        Assert.Equal(GrpcStatusCode.Internal, (await GzipAsync([1, 2, 3])).Code);
        Assert.Equal(GrpcStatusCode.Internal, (await GzipAsync([.. Enumerable.Repeat((byte)0x1F, 40)])).Code);
        Assert.Equal(GrpcStatusCode.Internal, (await GzipAsync(Zip(s_alice[5..])[..^5])).Code);
        Assert.Equal(GrpcStatusCode.NotFound, (await GzipAsync(Zip(s_alice[5..]))).Code);
    }

    [Theory]
    [InlineData("AppendStream")]
    [InlineData("Subscribe")]
    [InlineData("PutBlob")]
    [InlineData("GetBlob")]
    [InlineData("Append")]
    [InlineData("CreateThread")]
    [InlineData("ReadThread")]
    [InlineData("AcquireLease")]
    [InlineData("ReleaseLease")]
    [InlineData("Acknowledge")]
    [InlineData("ListInbox")]
    [InlineData("RegisterAgent")]
    [InlineData("ReadAgent")]
    [InlineData("Login")]
    public async Task Every_method_refuses_garbage_oversize_and_ids_that_are_none(string method)
    {
        foreach (byte[] body in new byte[][] { [0, 0, 0, 0, 3, 255, 255, 255], [0, 0, 0, 0, 9, 1], [9] })
            Assert.Equal(GrpcStatusCode.Internal, (await RawCall.SendAsync(_server!.Address, Hub + method, body)).Code);
        Assert.Equal(GrpcStatusCode.ResourceExhausted, (await RawCall.SendAsync(_server!.Address, Hub + method, [0, 127, 0, 0, 0])).Code);
        // One message without fields.
        Assert.Equal(GrpcStatusCode.InvalidArgument, (await RawCall.SendAsync(_server.Address, Hub + method, new byte[5])).Code);
    }

    [Theory]
    [InlineData("/agentflow.hub.v1.Hub/Nothing")]
    [InlineData("/agentflow.hub.v2.Hub/Append")]
    [InlineData("/agentflow.hub.v1.Hub/append")]
    [InlineData("/a/b")]
    public async Task A_method_that_is_not_there_is_unimplemented(string path) =>
        Assert.Equal(GrpcStatusCode.Unimplemented, (await RawCall.SendAsync(_server!.Address, path, s_alice)).Code);

    [Theory]
    [InlineData("application/json", 415)]
    [InlineData("application/grpc+json", 415)]
    [InlineData("application/grpc-web", 415)]
    [InlineData("", 415)]
    [InlineData("application/grpc", 200)]
    [InlineData("application/grpc+proto", 200)]
    [InlineData("application/grpc; charset=utf-8", 200)]
    public async Task Another_content_type_is_an_unsupported_media_type(string contentType, int status)
    {
        var answer = await RawCall.SendAsync(_server!.Address, Resolve, s_alice, contentType);

        Assert.Equal(status, (int)answer.Http);
        Assert.Equal(status == 200, answer.Code is not null);
    }

    [Fact]
    public async Task An_unknown_encoding_is_answered_with_the_known_ones_and_a_timeout_that_is_none_is_refused()
    {
        var encoding = await RawCall.SendAsync(_server!.Address, Resolve, s_alice, headers: ("grpc-encoding", "br"));
        var timeout = await RawCall.SendAsync(_server.Address, Resolve, s_alice, headers: ("grpc-timeout", "soon"));

        Assert.Equal(GrpcStatusCode.Unimplemented, encoding.Code);
        Assert.Equal("identity,gzip", string.Join(",", encoding.Headers.GetValues("grpc-accept-encoding")));
        Assert.Equal(GrpcStatusCode.InvalidArgument, timeout.Code);
    }

    [Fact]
    public async Task Headers_without_end_are_refused()
    {
        var headers = Enumerable.Range(0, 50).Select(i => ($"x-{i}", new string('x', 4000))).ToArray();
        bool isRefused;
        try
        {
            isRefused = (await RawCall.SendAsync(_server!.Address, Resolve, s_alice, headers: headers)).Http != HttpStatusCode.OK;
        }
        catch (HttpRequestException)
        {
            isRefused = true;
        }

        Assert.True(isRefused);
    }

    [Fact]
    public async Task Connections_that_speak_nonsense_or_stop_in_a_frame_do_no_harm()
    {
        byte[] preface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8.ToArray();
        byte[][] openings =
        [
            "GET / HTTP/1.1\r\n\r\n"u8.ToArray(), Make.Body(1, 3000), preface, [.. preface, 0, 0, 0, 4, 0, 0, 0, 0, 0, 0, 0, 90, 1],
            [.. preface, 255, 255, 255, 0, 0, 0, 0, 0, 1], [.. preface, .. Make.Body(3, 500)],
        ];
        foreach (byte[] opening in openings)
        {
            using var socket = new TcpClient();
            await socket.ConnectAsync(_server!.Address.Host, _server.Address.Port, TestContext.Current.CancellationToken);
            await socket.GetStream().WriteAsync(opening, TestContext.Current.CancellationToken);
        }
    }

    private static byte[] Zip(byte[] bytes)
    {
        var output = new MemoryStream();
        using (var gzip = new GZipStream(output, CompressionLevel.Fastest, leaveOpen: true))
            gzip.Write(bytes);
        return output.ToArray();
    }

    private Task<RawCall> GzipAsync(byte[] file)
    {
        byte[] length = [(byte)(file.Length >> 24), (byte)(file.Length >> 16), (byte)(file.Length >> 8), (byte)file.Length];
        return RawCall.SendAsync(_server!.Address, Resolve, [1, .. length, .. file], headers: ("grpc-encoding", "gzip"));
    }
}
