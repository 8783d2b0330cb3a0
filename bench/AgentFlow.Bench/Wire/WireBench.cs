using System.Net;
using System.Security.Cryptography;
using AgentFlow.Bench.Store;
using AgentFlow.Protocol.Hub;

namespace AgentFlow.Bench.Wire;

/// <summary>What the way over gRPC costs, client and server in this process.</summary>
internal static class WireBench
{
    private const int Callers = 64;
    private const int Bytes = 1024;
    private const int AnswerBytes = 8;

    public static Task RunAsync(BenchSettings settings, Report report) => settings.WithFolderAsync(async folder =>
    {
        Report.Begin("wire: HTTP/2 in cleartext on the loopback, 1 KiB up and a few bytes down, 64 in flight");
        Report.Detail($"{"case",-46} {"rate/s",10} {"p50 ms",8} {"p99 ms",8}");
        byte[] body = RandomNumberGenerator.GetBytes(Bytes);
        ThreadId[] threads = [.. Enumerable.Range(0, Callers).Select(_ => new ThreadId(RandomNumberGenerator.GetBytes(Bytes32.Size)))];
        // In turns, so that what else the machine does falls on all of them.
        var bare = new List<double>();
        var unary = new List<double>();
        var streams = new List<double>();
        for (int turn = 0; turn < 3; turn++)
        {
            bare.Add(await BareAsync(body, settings.Duration));
            await using var server = await LoopbackHost.ServeAsync(new SilentHub());
            await using var hub = GrpcHub.Connect(server.Address, new GrpcHubOptions { AppendStreams = 8 });
            unary.Add(await ShowAsync("unary through our gRPC", settings.Duration, async caller =>
                Require(await hub.CreateThreadAsync(threads[caller], MessageId.New(DateTimeOffset.UtcNow), body, default))));
            streams.Add(await ShowAsync("appends over 8 two-way streams", settings.Duration, async caller =>
                Require(await hub.AppendAsync(threads[caller], MessageId.New(DateTimeOffset.UtcNow), body, default))));
        }

        double own = await HubCase.RunAsync(Path.Combine(folder, "own.db"), trustOwnProcess: false);
        double wired = await HubCase.RunAsync(Path.Combine(folder, "wired.db"), trustOwnProcess: false, overGrpc: true);
        Report.Detail($"{"durable appends in process",-46} {own,10:0}");
        Report.Detail($"{"durable appends through gRPC",-46} {wired,10:0}");
        report.AtLeast("wire: unary through our gRPC : bare Kestrel and HttpClient", Median(unary) / Median(bare), 0.9);
        report.AtLeast("wire: appends over 8 two-way streams : unary", Median(streams) / Median(unary), 2);
        report.AtLeast("wire: durable appends through gRPC : in process", wired / own, 0.6);
    });

    private static async Task<double> BareAsync(byte[] body, TimeSpan duration)
    {
        await using var server = await LoopbackHost.EchoAsync(new byte[AnswerBytes]);
        using var http = new HttpMessageInvoker(new SocketsHttpHandler { EnableMultipleHttp2Connections = true, UseProxy = false });
        var address = new Uri(server.Address, "/echo");
        return await ShowAsync("bare Kestrel and HttpClient", duration, async _ =>
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, address)
            {
                Content = new ByteArrayContent(body), Version = HttpVersion.Version20, VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            };
            using var response = await http.SendAsync(request, default);
            if ((await response.Content.ReadAsByteArrayAsync()).Length != AnswerBytes)
                throw new InvalidOperationException("The echo was not answered.");
        });
    }

    private static async Task<double> ShowAsync(string name, TimeSpan duration, Func<int, Task> call)
    {
        var sample = await ClosedLoop.RunAsync(Callers, duration, call);
        Report.Detail($"{name,-46} {sample.Rate,10:0} {sample.P50,8:0.00} {sample.P99,8:0.00}");
        return sample.Rate;
    }

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);

    private static void Require(AppendResult result)
    {
        if (!result.IsAccepted)
            throw new InvalidOperationException($"The call ended as {result.Refusal}.");
    }
}
