using System.Diagnostics.CodeAnalysis;
using AgentFlow.Protocol.Hub;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace AgentFlow;

/// <summary>Says that an app's hub is another process.</summary>
public static class GrpcHubExtensions
{
    /// <summary>Uses the hub at an address. The connection is opened when it is needed and closed when the host stops.</summary>
    /// <param name="builder">What <c>AddAgentFlow()</c> returned.</param>
    /// <param name="address">Scheme, host and port, <c>https://hub.example.org</c> for example; <c>http</c> for loopback only.</param>
    /// <param name="configure">Sets options, or null.</param>
    /// <example><code>builder.AddAgentFlow().UseSqlite().UseHub("http://127.0.0.1:5080");</code></example>
    public static AgentFlowBuilder UseHub(
        this AgentFlowBuilder builder, [StringSyntax(StringSyntaxAttribute.Uri)] string address, Action<GrpcHubOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var options = new GrpcHubOptions();
        configure?.Invoke(options);
        var hub = new Uri(address, UriKind.Absolute);
        GrpcHub.CheckAddress(hub, options);
        return builder.UseHub((services, _) => ValueTask.FromResult<IHub>(
            GrpcHub.Connect(hub, options, services.GetRequiredService<TimeProvider>(), services.GetRequiredService<ILoggerFactory>())));
    }
}
