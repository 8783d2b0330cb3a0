using System.Net;
using System.Net.Http.Headers;
using AgentFlow.Wire.Headers;
using AgentFlow.Wire.Messages;
using Microsoft.Extensions.Logging;

namespace AgentFlow.Client.Transport;

/// <summary>The way to one hub: HTTP/2, exactly, over as many connections as its streams need.</summary>
internal sealed class HubConnection : IDisposable
{
    private static readonly string s_service = HubReflection.Descriptor.Services[0].FullName;
    private readonly HttpMessageInvoker _http;
    private readonly CancellationTokenSource _stopping = new();

    public HubConnection(Uri address, GrpcHubOptions options, TimeProvider clock, ILogger logger)
    {
        (Address, Options, Clock, Logger, Stopping) = (address, options, clock, logger, _stopping.Token);
        var handler = new SocketsHttpHandler
        {
            EnableMultipleHttp2Connections = true,
            KeepAlivePingDelay = TimeSpan.FromSeconds(30),
            KeepAlivePingTimeout = TimeSpan.FromSeconds(20),
            ConnectTimeout = TimeSpan.FromSeconds(10),
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = !address.IsLoopback,
            // Trace context and baggage travel sealed inside the frames; in a header the hub could read them.
            ActivityHeadersPropagator = null,
        };
        options.ConfigureHandler?.Invoke(handler);
        _http = new HttpMessageInvoker(handler);
    }

    public Uri Address { get; }

    public GrpcHubOptions Options { get; }

    public TimeProvider Clock { get; }

    public ILogger Logger { get; }

    /// <summary>The hub is being closed.</summary>
    public CancellationToken Stopping { get; }

    public Task StopAsync() => _stopping.CancelAsync();

    /// <summary>Sends a request of the hub's service and returns when the headers of the answer are there.</summary>
    public async Task<HttpResponseMessage> SendAsync(
        string method, HttpContent content, CallToken? token, TimeSpan? timeout, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(Address, $"/{s_service}/{method}"))
        {
            Content = content, Version = HttpVersion.Version20, VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        content.Headers.ContentType = new MediaTypeHeaderValue(GrpcHeaders.ContentType);
        request.Headers.TE.Add(new TransferCodingWithQualityHeaderValue("trailers"));
        request.Headers.Add(GrpcHeaders.AcceptEncoding, GrpcHeaders.KnownEncodings);
        if (token is not null)
            request.Headers.TryAddWithoutValidation(GrpcHeaders.Authorization, GrpcHeaders.BearerPrefix + token.Text);
        if (Options.UseGzip)
            request.Headers.Add(GrpcHeaders.Encoding, GrpcHeaders.Gzip);
        if (timeout is { } limit)
            request.Headers.Add(GrpcHeaders.Timeout, GrpcTimeout.Format(limit));
        return await _http.SendAsync(request, cancellationToken).ConfigureAwait(false);
    }

    public void Dispose()
    {
        _http.Dispose();
        _stopping.Dispose();
    }
}
