using AgentFlow.Hosting;
using AgentFlow.Hub;
using AgentFlow.Hub.Sqlite;
using AgentFlow.Storage;
using AgentFlow.Store.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace AgentFlow.Bench.Runtime;

/// <summary>The whole runtime with its hub in this process, both on SQLite, as <c>UseSqlite().UseHub(SqliteHub.OpenAsync)</c> makes them, with their counters in reach.</summary>
internal sealed class BenchHost : IAsyncDisposable
{
    private readonly IHost _host;
    private SqliteEnvelopeStore _hubStore = null!;
    private SqliteAgentStore _agentStore = null!;

    private BenchHost(string root)
    {
        string folder = Directory.CreateDirectory(Path.Combine(root, "app")).FullName;
        var builder = Microsoft.Extensions.Hosting.Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { ContentRootPath = folder });
        builder.Services.AddSingleton<Game>();
        builder.Services.AddSingleton<IHostLifetime, NoLifetime>();
        builder.AddAgentFlow(options =>
        {
            options.Directory = folder;
            options.MachineKeyPath = Path.Combine(root, "keys", "machine.key");
        }).UseSqlite().UseHub(OpenHubAsync).AddPerson("ada", "buyers");
        var setup = (RuntimeSetup)builder.Services.Last(service => service.ServiceType == typeof(RuntimeSetup)).ImplementationInstance!;
        setup.Store = async (services, cancellationToken) =>
        {
            var options = services.GetRequiredService<IOptions<AgentFlowOptions>>().Value;
            var store = await StoreOpening.OpenAsync(folder, options, TimeProvider.System, cancellationToken);
            _agentStore = (SqliteAgentStore)store;
            return store;
        };
        _host = builder.Build();
    }

    public IAgentFlow Flow => _host.Services.GetRequiredService<IAgentFlow>();

    public Game Game => _host.Services.GetRequiredService<Game>();

    public StoreStatistics HubStatistics => _hubStore.Statistics;

    public StoreStatistics AgentStatistics => _agentStore.Statistics;

    public static async Task<BenchHost> StartAsync(string folder)
    {
        var host = new BenchHost(folder);
        await host._host.StartAsync();
        return host;
    }

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        await ((IAsyncDisposable)_host).DisposeAsync();
    }

    private async ValueTask<Protocol.Hub.IHub> OpenHubAsync(string folder, TimeProvider clock, CancellationToken cancellationToken)
    {
        _hubStore = new SqliteEnvelopeStore(Path.Combine(folder, "hub.db"), new SqliteOptions { TimeProvider = clock });
        return await InProcessHub.StartAsync(_hubStore, new HubOptions { TimeProvider = clock, TrustOwnProcess = true }, cancellationToken);
    }

    /// <summary>Leaves the signals to the process: an interrupted bench ends at once.</summary>
    private sealed class NoLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
