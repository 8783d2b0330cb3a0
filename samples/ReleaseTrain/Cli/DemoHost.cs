using AgentFlow;
using AgentFlow.Hub;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using ReleaseTrain.Building;
using ReleaseTrain.Deployment;
using ReleaseTrain.Scanning;
using ReleaseTrain.Tools;

namespace ReleaseTrain.Cli;

/// <summary>Composes the host: the four agents, one person, SQLite, the hub in process.</summary>
public static class DemoHost
{
    public static async Task<ExitCode> RunAsync(DemoOptions options, Layout layout, CancellationToken cancellationToken)
    {
        var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { ContentRootPath = layout.Root });
        if (options.AutoApprove && !builder.Environment.IsDevelopment())
        {
            Console.Error.WriteLine("error: --auto-approve works in the Development environment only.");
            return ExitCode.NotAllowed;
        }

        builder.Logging.ClearProviders().AddConsole(console => console.LogToStandardErrorThreshold = LogLevel.Trace).SetMinimumLevel(LogLevel.Warning);
        builder.Services.AddSingleton(layout).AddSingleton(options).AddSingleton(View.Create(options));
        builder.Services.AddSingleton<ProcessRunner>().AddSingleton<Publisher>().AddSingleton<TestRunner>();
        builder.Services.AddSingleton<SecretRules>().AddSingleton<DependencyRules>().AddSingleton<Scanner>();
        builder.Services.AddSingleton<HttpClient>().AddSingleton<Releases>().AddSingleton<ServiceHost>().AddSingleton<HealthCheck>().AddSingleton<Deployer>();
        builder.Services.AddSingleton<DemoRunner>();

        builder.AddAgentFlow(flow =>
        {
            flow.Directory = layout.Store;
            flow.AddPerson(Decisions.Person, "release-managers");
            if (builder.Environment.IsDevelopment())
                flow.AddPerson(Decisions.DemoApprover, "release-managers");
        }).UseSqlite().UseHub(SqliteHub.OpenAsync);

        using var host = builder.Build();
        await host.StartAsync(cancellationToken);
        var services = host.Services.GetRequiredService<ServiceHost>();
        try
        {
            host.Services.GetRequiredService<View>().Header(layout.Store, builder.Environment.EnvironmentName);
            var runner = host.Services.GetRequiredService<DemoRunner>();
            var (code, report) = await runner.RunAsync(cancellationToken);
            Print(options, report);
            runner.MarkReported();
            return code;
        }
        finally
        {
            await host.StopAsync(CancellationToken.None);
            if (!options.Keep)
                await services.StopAllExceptAsync(null);
        }
    }

    /// <summary>Ends what still runs and deletes stores, keys and receipts.</summary>
    public static async Task WipeAsync(Layout layout)
    {
        await new ServiceHost(layout).StopAllExceptAsync(null);
        if (Directory.Exists(layout.Store))
            Directory.Delete(layout.Store, recursive: true);
    }

    private static void Print(DemoOptions options, Report report)
    {
        if (report.Error is { } error)
            Console.Error.WriteLine($"error: {error.Message}\n  {error.Hint}");
        if (options.Json)
            Console.Out.WriteLine(report.ToJson());
        else if (report.Data is { } data)
            Console.Out.WriteLine($"  {data.Outcome}   receipt {data.Receipt ?? "none"}   deployed {data.Deployed ?? "nothing"}");
    }
}
