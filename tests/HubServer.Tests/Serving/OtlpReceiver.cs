using System.Collections.Concurrent;
using System.Text;
using Google.Protobuf;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace AgentFlow.HubServer.Tests.Serving;

/// <summary>A collector: a server that takes OTLP over HTTP and reads the messages, so far as the names in them.</summary>
internal sealed class OtlpReceiver : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentDictionary<string, string> _seen = new();
    private readonly SemaphoreSlim _arrived = new(0);

    private OtlpReceiver(WebApplication app) => _app = app;

    public Uri Address => new(_app.Urls.Single());

    public static async Task<OtlpReceiver> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var receiver = new OtlpReceiver(builder.Build());
        receiver._app.MapPost("/v1/traces", context => receiver.TakeAsync(context, "span", nameField: 5));
        receiver._app.MapPost("/v1/metrics", context => receiver.TakeAsync(context, "metric", nameField: 1));
        await receiver._app.StartAsync(TestContext.Current.CancellationToken);
        return receiver;
    }

    /// <summary>Returns when a span or metric of the name has come, with the name of the service that sent it.</summary>
    public async Task<string> UntilAsync(string kind, string name)
    {
        string? service;
        while (!_seen.TryGetValue($"{kind} {name}", out service))
            await _arrived.WaitAsync(TestContext.Current.CancellationToken);
        return service;
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _arrived.Dispose();
    }

    // Both requests nest alike: resource { attributes } and scopes { records { name } }.
    private async Task TakeAsync(HttpContext context, string kind, int nameField)
    {
        Assert.Equal("application/x-protobuf", context.Request.ContentType);
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        foreach (byte[] ofResource in Fields(body.ToArray(), 1))
        {
            string service = Fields(ofResource, 1).SelectMany(resource => Fields(resource, 1))
                .Where(attribute => Texts(attribute, 1).Contains("service.name"))
                .SelectMany(attribute => Fields(attribute, 2)).SelectMany(value => Texts(value, 1)).Single();
            foreach (string name in Fields(ofResource, 2).SelectMany(scope => Fields(scope, 2)).SelectMany(record => Texts(record, nameField)))
                _seen[$"{kind} {name}"] = service;
        }

        _arrived.Release();
    }

    private static IEnumerable<string> Texts(byte[] message, int field) => Fields(message, field).Select(Encoding.UTF8.GetString);

    private static List<byte[]> Fields(byte[] message, int field)
    {
        var found = new List<byte[]>();
        var input = new CodedInputStream(message);
        uint tag;
        while ((tag = input.ReadTag()) != 0)
        {
            if (tag == WireFormat.MakeTag(field, WireFormat.WireType.LengthDelimited))
                found.Add(input.ReadBytes().ToByteArray());
            else
                input.SkipLastField();
        }

        return found;
    }
}
