using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Options;

namespace AgentFlow.Host.Hosting;

/// <summary>Endpoints speak HTTP/2 unless they say otherwise, notice peers that are gone, and take no more connections than the options say.</summary>
internal sealed class KestrelSetup(IOptions<HubServerOptions> hub) : IConfigureOptions<KestrelServerOptions>
{
    private const int StreamsPerConnection = 256;

    public void Configure(KestrelServerOptions options)
    {
        options.AddServerHeader = false;
        options.Limits.MaxConcurrentConnections = hub.Value.MaxConnections;
        options.ConfigureEndpointDefaults(listen => listen.Protocols = HttpProtocols.Http2);
        options.Limits.Http2.MaxStreamsPerConnection = StreamsPerConnection;
        options.Limits.Http2.KeepAlivePingDelay = TimeSpan.FromSeconds(30);
        options.Limits.Http2.KeepAlivePingTimeout = TimeSpan.FromSeconds(20);
    }
}
