using AgentFlow;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using ReleaseTrain.Building;
using ReleaseTrain.Deployment;
using ReleaseTrain.Scanning;
using ReleaseTrain.Tools;

namespace ReleaseTrain.Cli;

/// <summary>Composes the host: agents, people, SQLite and the hub, as a topology says.</summary>
public static class DemoHost
{
    public static IHost Build(DemoOptions options, Layout layout, Topology topology)
    {
        var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { ContentRootPath = layout.Root });
        builder.Logging.ClearProviders().AddConsole(console => console.LogToStandardErrorThreshold = LogLevel.Trace).SetMinimumLevel(LogLevel.Warning);
        builder.Services.AddSingleton(layout).AddSingleton(options).AddSingleton(View.Create(options));
        builder.Services.AddSingleton<ProcessRunner>().AddSingleton<Publisher>().AddSingleton<TestRunner>();
        builder.Services.AddSingleton<SecretRules>().AddSingleton<DependencyRules>().AddSingleton<Scanner>();
        builder.Services.AddSingleton<HttpClient>().AddSingleton<Releases>().AddSingleton<ServiceHost>().AddSingleton<HealthCheck>().AddSingleton<Deployer>();
        builder.Services.AddSingleton<DemoRunner>();

        topology.Connect(builder.AddAgentFlow(flow =>
        {
            flow.Directory = layout.Store;
            (flow.AppName, flow.HostedAgents) = (topology.AppName, topology.HostedAgents);
            flow.AcceptThreadsFrom.UnionWith(topology.AcceptThreadsFrom);
            if (!topology.HasPeople)
                return;
            flow.AddPerson(Decisions.Person, "release-managers");
            if (options.ExpiresAfter is { } shorter)
                flow.TightenApproval("release.deploy", expiresAfter: shorter);
            // The demo's own approver signs for --auto-approve under its own name, and only here.
            if (builder.Environment.IsDevelopment())
                flow.AddPerson(Decisions.DemoApprover, "release-managers");
        }).UseSqlite());
        return builder.Build();
    }
}
