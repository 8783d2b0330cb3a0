using System.Net;
using AgentFlow.Protocol.Hub;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;

namespace AgentFlow.Bench.Wire;

/// <summary>A server on a free port of this machine that speaks HTTP/2 in cleartext.</summary>
internal sealed class LoopbackHost : IAsyncDisposable
{
    private readonly WebApplication _app;

    private LoopbackHost(WebApplication app) => _app = app;

    public Uri Address => new(_app.Urls.Single());

    public static Task<LoopbackHost> ServeAsync(IHub hub) =>
        StartAsync(builder => builder.AddAgentFlowHub(hub, options => options.RequireLogin = false), app => app.MapAgentFlow());

    /// <summary>The bare thing: reads the body of a request to its end, and answers some bytes.</summary>
    public static Task<LoopbackHost> EchoAsync(byte[] answer) => StartAsync(_ => { }, app => app.MapPost("/echo", async context =>
    {
        while (await context.Request.BodyReader.ReadAsync() is var read)
        {
            context.Request.BodyReader.AdvanceTo(read.Buffer.End);
            if (read.IsCompleted)
                break;
        }

        await context.Response.Body.WriteAsync(answer);
    }));

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
    }

    private static async Task<LoopbackHost> StartAsync(Action<WebApplicationBuilder> add, Action<WebApplication> map)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        add(builder);
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http2));
        var app = builder.Build();
        map(app);
        await app.StartAsync();
        return new LoopbackHost(app);
    }
}
