using AgentFlow.Hub;
using AgentFlow.Hub.Memory;
using AgentFlow.Hub.PostgreSql;
using AgentFlow.HubServer.Settings;
using AgentFlow.Protocol.Hub;
using AgentFlow.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace AgentFlow.HubServer;

/// <summary>Serves a hub until the process is asked to stop. SIGTERM and SIGINT let calls under way finish.</summary>
public static class HubProcess
{
    /// <summary>The exit code where the store or an address could not be opened.</summary>
    public const int Failed = 1;

    /// <summary>Runs the process.</summary>
    /// <param name="settings">What it is to be; without a fault.</param>
    /// <param name="cancellationToken">Asks it to stop.</param>
    public static async Task<int> RunAsync(HubSettings settings, CancellationToken cancellationToken)
    {
        try
        {
            await using var app = Build(settings);
            await app.StartAsync(cancellationToken);
            // One line for whoever started the process and waits for its port.
            Console.Out.WriteLine($"agentflow-hub listens on {string.Join(' ', Addresses(app))}, store {Describe(settings)}");
            await app.WaitForShutdownAsync(cancellationToken);
            return 0;
        }
        catch (Exception e) when (e
            is StorageException or OptionsValidationException or InvalidOperationException or IOException or UnauthorizedAccessException)
        {
            Console.Error.WriteLine($"error: {e.Message}");
            return Failed;
        }
    }

    private static WebApplication Build(HubSettings settings)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        builder.Logging.ClearProviders().AddConsole(console => console.LogToStandardErrorThreshold = LogLevel.Trace).SetMinimumLevel(LogLevel.Warning);
        builder.WebHost.UseUrls(settings.Urls);
        builder.AddAgentFlowHub(
            (directory, clock, stop) => OpenAsync(settings, directory, clock, stop),
            options =>
            {
                options.Directory = settings.Directory;
                options.IsBehindProxy = settings.IsBehindProxy;
                foreach (string origin in settings.Origins)
                    options.Origins.Add(origin);
            });
        var app = builder.Build();
        app.MapAgentFlow();
        return app;
    }

    private static async ValueTask<IHub> OpenAsync(HubSettings settings, string directory, TimeProvider clock, CancellationToken cancellationToken) => settings.Store switch
    {
        StoreKind.PostgreSql => await PostgreSqlHub.OpenSharedAsync(new PostgreSqlOptions { ConnectionString = settings.PostgreSql! }, clock, cancellationToken),
        StoreKind.Memory => await InProcessHub.StartAsync(new MemoryEnvelopeStore(clock), new HubOptions { TimeProvider = clock }, cancellationToken),
        _ => await SqliteHub.OpenSharedAsync(directory, clock, cancellationToken),
    };

    private static ICollection<string> Addresses(WebApplication app) => app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()?.Addresses ?? [];

    // Never the connection string: it holds a password.
    private static string Describe(HubSettings settings) => settings.Store switch
    {
        StoreKind.PostgreSql => "postgresql",
        StoreKind.Memory => "memory",
        _ => $"sqlite in {settings.Directory}",
    };
}
