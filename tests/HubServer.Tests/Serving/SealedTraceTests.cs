using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using AgentFlow.Hub.Tests.Helpers;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;

namespace AgentFlow.HubServer.Tests.Serving;

/// <summary>What a hub is told of the traces of its callers.</summary>
public sealed class SealedTraceTests
{
    [Fact]
    public async Task A_client_tells_the_hub_neither_its_trace_nor_its_baggage()
    {
        var cancel = TestContext.Current.CancellationToken;
        var headers = new ConcurrentBag<string>();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http2));
        await using var app = builder.Build();
        app.Run(context =>
        {
            foreach (var header in context.Request.Headers)
                headers.Add($"{header.Key}: {header.Value}");
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return Task.CompletedTask;
        });
        await app.StartAsync(cancel);
        using var heard = new ActivityListener
        {
            ShouldListenTo = _ => true, Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
        };
        ActivitySource.AddActivityListener(heard);
        using var alice = new HubActor("alice", 1);
        await using var hub = GrpcHub.Connect(new Uri(app.Urls.Single()), new GrpcHubOptions { RetryFor = TimeSpan.Zero });
        using (new Activity("request").AddBaggage("tenant", "blue").Start())
            await Assert.ThrowsAsync<HubException>(() => hub.RegisterAgentAsync(alice.Registration, cancel).AsTask());

        Assert.NotEmpty(headers);
        Assert.DoesNotContain(headers, header => header.Contains("traceparent", StringComparison.OrdinalIgnoreCase));
        Assert.DoesNotContain(headers, header => header.Contains("blue", StringComparison.Ordinal));
    }
}
