using AgentFlow.Hub.PostgreSql.Tests.Server;
using AgentFlow.HubServer.Settings;

namespace AgentFlow.HubServer.Tests.Failures;

/// <summary>Two hub processes on one PostgreSQL server, and a client of each.</summary>
internal sealed class TwoReplicas : IAsyncDisposable
{
    private TwoReplicas(ScratchCluster cluster, HubServerProcess first, HubServerProcess second)
    {
        (Cluster, First, Second) = (cluster, first, second);
        (One, Other) = (Connect(first.Address), Connect(second.Address));
    }

    public ScratchCluster Cluster { get; }

    public HubServerProcess First { get; }

    public HubServerProcess Second { get; }

    /// <summary>A client of the first.</summary>
    public GrpcHub One { get; }

    /// <summary>A client of the second.</summary>
    public GrpcHub Other { get; }

    public static async Task<TwoReplicas> StartAsync()
    {
        if (PostgreSqlBinaries.Folder is null)
            Assert.Skip("there is no PostgreSQL server here; 'eng/setup --tests' installs one");
        var cluster = await ScratchCluster.StartAsync(fsync: true);
        var environment = new Dictionary<string, string> { [HubSettings.ConnectionVariable] = cluster.ConnectionString };
        var first = await HubServerProcess.StartAsync(environment, "--store", "postgresql");
        return new TwoReplicas(cluster, first, await HubServerProcess.StartAsync(environment, "--store", "postgresql"));
    }

    public async ValueTask DisposeAsync()
    {
        await One.DisposeAsync();
        await Other.DisposeAsync();
        First.Dispose();
        Second.Dispose();
        await Cluster.DisposeAsync();
    }

    // A frozen hub says nothing: its callers give it up after this time.
    private static GrpcHub Connect(Uri address) =>
        GrpcHub.Connect(address, new GrpcHubOptions { CallTimeout = TimeSpan.FromSeconds(3), RetryFor = TimeSpan.FromSeconds(10) });
}
