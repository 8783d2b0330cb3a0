using AgentFlow.Host.Callers;
using AgentFlow.Host.Calls;
using AgentFlow.Host.Health;
using AgentFlow.Host.Hosting;
using AgentFlow.Host.Limits;
using AgentFlow.Protocol.Hub;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace AgentFlow;

/// <summary>Adds a hub that other processes reach over gRPC.</summary>
/// <example><code>
/// var builder = WebApplication.CreateBuilder(args);
/// builder.AddAgentFlowHub(SqliteHub.OpenSharedAsync);
/// var app = builder.Build();
/// app.MapAgentFlow();
/// app.Run("http://127.0.0.1:5080");
/// </code></example>
/// <remarks>
/// Endpoints of Kestrel speak HTTP/2 unless they set their own protocols; without TLS an endpoint speaks either HTTP/2 or HTTP/1.1, so pages need another one.
/// </remarks>
public static class AgentFlowHubExtensions
{
    /// <summary>Adds a hub that is opened when the host starts and disposed when it stops.</summary>
    /// <param name="builder">The host.</param>
    /// <param name="open">Opens it, given the full path of <see cref="HubServerOptions.Directory"/> and the host's clock.</param>
    /// <param name="configure">Sets options, or null.</param>
    public static IHostApplicationBuilder AddAgentFlowHub(
        this IHostApplicationBuilder builder, Func<string, TimeProvider, CancellationToken, ValueTask<IHub>> open, Action<HubServerOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(open);
        string root = builder.Environment.ContentRootPath;
        var opening = new HubOpening(
            (services, cancellationToken) =>
            {
                string directory = Path.GetFullPath(services.GetRequiredService<IOptions<HubServerOptions>>().Value.Directory, root);
                Directory.CreateDirectory(directory);
                return open(directory, services.GetRequiredService<TimeProvider>(), cancellationToken);
            },
            IsOwned: true);
        return Add(builder, opening, configure);
    }

    /// <summary>Adds a hub that the caller owns and disposes.</summary>
    /// <param name="builder">The host.</param>
    /// <param name="hub">The hub. It must check signatures: its callers are other processes.</param>
    /// <param name="configure">Sets options, or null.</param>
    public static IHostApplicationBuilder AddAgentFlowHub(this IHostApplicationBuilder builder, IHub hub, Action<HubServerOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(hub);
        return Add(builder, new HubOpening((_, _) => ValueTask.FromResult(hub), IsOwned: false), configure);
    }

    private static IHostApplicationBuilder Add(IHostApplicationBuilder builder, HubOpening opening, Action<HubServerOptions>? configure)
    {
        var services = builder.Services;
        if (services.Any(service => service.ServiceType == typeof(HubOpening)))
            throw new InvalidOperationException("AddAgentFlowHub() was called twice. A host serves one hub.");
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(opening);
        services.AddSingleton<HubSource>();
        services.AddSingleton<IHostedService>(static provider => provider.GetRequiredService<HubSource>());
        services.AddSingleton<HubReadiness>();
        services.AddSingleton<HubHealth>();
        services.AddSingleton<CallFaults>();
        services.AddSingleton<HubOrigins>();
        services.AddSingleton<DaySecrets>();
        services.AddSingleton<LoginChallenges>();
        services.AddSingleton<LoginTokens>();
        services.AddSingleton<LoginDesk>();
        services.AddSingleton<Authenticator>();
        services.AddSingleton<CallerHubs>();
        services.AddSingleton<CallLimits>();
        services.AddSingleton<IValidateOptions<HubServerOptions>, HubServerOptionsValidator>();
        services.AddSingleton<IConfigureOptions<KestrelServerOptions>, KestrelSetup>();
        services.AddHostedService<ExposureCheck>();
        var options = services.AddOptions<HubServerOptions>().ValidateOnStart();
        if (configure is not null)
            options.Configure(configure);
        return builder;
    }
}
