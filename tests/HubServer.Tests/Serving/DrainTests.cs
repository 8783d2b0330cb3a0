using System.Diagnostics;
using System.Net;
using AgentFlow.Hub.Tests.Helpers;
using AgentFlow.Protocol.Hub;

namespace AgentFlow.HubServer.Tests.Serving;

/// <summary>What callers see while the process stops, and what health says.</summary>
public sealed class DrainTests
{
    private static readonly TimeSpan s_drainTimeout = TimeSpan.FromSeconds(300);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Readiness_turns_red_first_and_calls_are_answered_until_the_delay_is_over()
    {
        using var folder = new TestDirectory();
        using var conversation = new Conversation();
        // A second signal ends the delay, so the test decides how long it is.
        using var server = await HubServerProcess.StartAsync(null, "--data", folder.Root, "--health-url", "http://127.0.0.1:0", "--drain-delay", "1h");
        using var http = new HttpClient { BaseAddress = server.Health };
        await using var hub = GrpcHub.Connect(server.Address, new GrpcHubOptions { RetryFor = TimeSpan.Zero });
        await conversation.BeginAsync(hub);
        Assert.Equal((HttpStatusCode.OK, "ready\n"), await GetAsync(http, "/health/ready"));

        server.Signal(HubServerProcess.Terminate);
        while ((await GetAsync(http, "/health/ready")).Code == HttpStatusCode.OK)
            await Task.Yield();

        Assert.Equal((HttpStatusCode.ServiceUnavailable, "draining\n"), await GetAsync(http, "/health/ready"));
        Assert.Equal((HttpStatusCode.OK, "live\n"), await GetAsync(http, "/health/live"));
        await conversation.AppendAsync(hub);
        Assert.Equal(0, await server.StopAsync());
    }

    [Fact]
    public async Task A_stop_ends_streams_and_keeps_every_append_that_was_under_way()
    {
        using var folder = new TestDirectory();
        using var conversation = new Conversation();
        var server = await HubServerProcess.StartAsync(null, "serve", "--data", folder.Root, "--drain-timeout", $"{s_drainTimeout.TotalSeconds}s");
        var address = server.Address;
        await using var hub = GrpcHub.Connect(address);
        await conversation.BeginAsync(hub);
        await using var stream = conversation.AsBob(hub).SubscribeAsync(conversation.Bob, new Dictionary<ThreadId, long>(), 1, Cancel).GetAsyncEnumerator(Cancel);
        Assert.True(await stream.MoveNextAsync());
        Task<bool> next;
        using (server)
        {
            // A subscription stands idle: the stop does not wait for it, and it goes on when there is a hub again.
            next = stream.MoveNextAsync().AsTask();
            var appending = conversation.AppendUntilRefusedAsync(hub);
            await conversation.UntilAppendedAsync(20);
            long start = Stopwatch.GetTimestamp();
            Assert.Equal(0, await server.StopAsync());
            Assert.True(Stopwatch.GetElapsedTime(start) < s_drainTimeout, "The stop waited for its time-out.");
            Assert.Equal(HubStatus.Unavailable, await appending);
        }

        using var again = await HubServerProcess.StartAtAsync(address, null, [], "--data", folder.Root);
        await conversation.CheckAsync(hub);
        Assert.True(await next);
    }

    [Fact]
    public async Task Over_TLS_one_address_serves_calls_and_health_checks()
    {
        using var folder = new TestDirectory();
        var (certificate, key) = TestCertificate.Write(folder.Root);
        using var server = await HubServerProcess.StartAtAsync(
            new Uri("https://127.0.0.1:0"), null, [], "--store", "memory", "--tls-certificate", certificate, "--tls-key", key);
        using var handler = new SocketsHttpHandler();
        handler.SslOptions.RemoteCertificateValidationCallback = TestCertificate.Only(certificate);
        using var http = new HttpClient(handler);
        Assert.Equal("ready\n", await http.GetStringAsync(new Uri(server.Address, "/health/ready"), Cancel));
        var options = new GrpcHubOptions { ConfigureHandler = own => own.SslOptions.RemoteCertificateValidationCallback = TestCertificate.Only(certificate) };
        await using var hub = GrpcHub.Connect(server.Address, options);
        using var conversation = new Conversation();
        await conversation.BeginAsync(hub);
    }

    private static async Task<(HttpStatusCode Code, string Text)> GetAsync(HttpClient http, string path)
    {
        using var response = await http.GetAsync(new Uri(path, UriKind.Relative), Cancel);
        return (response.StatusCode, await response.Content.ReadAsStringAsync(Cancel));
    }
}
