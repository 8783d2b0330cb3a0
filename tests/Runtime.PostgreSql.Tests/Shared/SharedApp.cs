using AgentFlow.Hub.PostgreSql;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace AgentFlow.PostgreSql.Tests.Shared;

/// <summary>Where the processes of one app meet: a folder for their files, a database, a schema.</summary>
internal sealed record SharedPlace(string Folder, string ConnectionString, string Schema)
{
    public TimeSpan Lease { get; init; } = TimeSpan.FromSeconds(2);

    public string MachineKey => Path.Combine(Folder, "machine.key");

    public static async Task<SharedPlace> ReadAsync(string folder, CancellationToken cancellationToken)
    {
        string[] lines = await File.ReadAllLinesAsync(Path.Combine(folder, "place"), cancellationToken);
        return new SharedPlace(folder, lines[0], lines[1]);
    }

    public Task WriteAsync(CancellationToken cancellationToken) =>
        File.WriteAllLinesAsync(Path.Combine(Folder, "place"), [ConnectionString, Schema], cancellationToken);
}

/// <summary>One process of the app, which shares agents, store and hub with the others.</summary>
internal static class SharedApp
{
    public static IHost Build(SharedPlace place, string name, TextWriter? announce = null, Action<AgentFlowOptions>? configure = null)
    {
        var builder = new HostApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true, ContentRootPath = place.Folder });
        builder.Services.AddSingleton(new Effects(place.Folder, name, announce));
        builder.AddAgentFlow(options =>
            {
                options.Directory = Path.Combine(place.Folder, "app-" + name);
                options.MachineKeyPath = place.MachineKey;
                options.LeaseDuration = place.Lease;
                options.AddPerson("ada", "owners");
                configure?.Invoke(options);
            })
            .UsePostgreSql(place.ConnectionString, options => (options.Schema, options.AllowUnsafeServer, options.MaxConnections) = (place.Schema, true, 8))
            .UseHub((_, clock, stop) => PostgreSqlHub.OpenAsync(
                new PostgreSqlOptions { ConnectionString = place.ConnectionString, AllowUnsafeServer = true, Lanes = 2, MaxReadConnections = 8 }, clock,
                    stop));
        return builder.Build();
    }

    public static IAgentFlow Flow(this IHost host) => host.Services.GetRequiredService<IAgentFlow>();
}
