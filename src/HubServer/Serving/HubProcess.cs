using System.Security.Cryptography;
using AgentFlow.Hub;
using AgentFlow.Hub.Stores;
using AgentFlow.HubServer.Settings;
using AgentFlow.HubServer.Stores;
using AgentFlow.Protocol.Hub;
using AgentFlow.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace AgentFlow.HubServer.Serving;

/// <summary>Serves a hub until the process is asked to stop.</summary>
public static class HubProcess
{
    /// <summary>Runs the process.</summary>
    /// <param name="settings">What it is to be; without a fault.</param>
    /// <param name="failed">Prints why it ended, and gives the exit code.</param>
    public static async Task<int> RunAsync(HubSettings settings, Func<string, int> failed)
    {
        ArgumentNullException.ThrowIfNull(settings);
        ArgumentNullException.ThrowIfNull(failed);
        try
        {
            using var telemetry = TelemetryExport.Start(settings.OtlpEndpoint);
            await using var app = Build(settings);
            await app.StartAsync();
            // One line for whoever started the process and waits for its port.
            Console.Out.WriteLine($"agentflow-hub listens on {Endpoints.Describe(app, settings)}, store {StoreOpening.Describe(settings)}");
            await app.WaitForShutdownAsync();
            return ExitCode.Done;
        }
        catch (Exception e) when (IsOfSettingsOrWorld(e))
        {
            return failed(e.Message);
        }
    }

    /// <summary>What says how to mend it; anything else is a defect.</summary>
    private static bool IsOfSettingsOrWorld(Exception exception) => exception
        is StorageException or OptionsValidationException or InvalidOperationException or IOException or UnauthorizedAccessException or CryptographicException;

    private static WebApplication Build(HubSettings settings)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        builder.Logging.ClearProviders().AddConsole(console => console.LogToStandardErrorThreshold = LogLevel.Trace).SetMinimumLevel(LogLevel.Warning);
        builder.Configuration.AddInMemoryCollection(Endpoints.Configure(settings));
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.Services.Configure<HostOptions>(options => options.ShutdownTimeout = settings.DrainTimeout);
        builder.Services.AddSingleton(settings).AddSingleton<IHostLifetime, DrainLifetime>();
        builder.AddAgentFlowHub(
            (_, clock, stop) => OpenAsync(settings, clock, stop),
            options =>
            {
                options.Directory = settings.Directory;
                options.IsBehindProxy = settings.IsBehindProxy;
                (options.AgentLimit, options.AddressLimit) = (LimitOf(settings.AgentRate), LimitOf(settings.AddressRate));
                foreach (string origin in settings.Origins)
                    options.Origins.Add(origin);
            });
        var app = builder.Build();
        app.MapAgentFlow();
        return app;
    }

    private static RateLimit? LimitOf(int perSecond) => perSecond == 0 ? null : new RateLimit(perSecond, TimeSpan.FromSeconds(1), 5 * perSecond);

    private static async ValueTask<IHub> OpenAsync(HubSettings settings, TimeProvider clock, CancellationToken cancellationToken)
    {
        var options = new HubOptions
        {
            TimeProvider = clock,
            Retention = settings.Retention,
            SweepInterval = settings.SweepInterval,
            SweepBudget = SweepBudget.Default with { MaxRows = settings.SweepRows },
        };
        return await InProcessHub.StartAsync(StoreOpening.Create(settings, clock), options, cancellationToken);
    }
}
