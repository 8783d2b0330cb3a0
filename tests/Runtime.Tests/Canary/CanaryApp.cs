using AgentFlow.Hub;
using AgentFlow.Storage;
using AgentFlow.Store.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace AgentFlow.Runtime.Tests.Canary;

/// <summary>An app as a user writes it, with nothing exchanged: the platform's host, SQLite, the hub in its process. It can be restarted.</summary>
internal sealed class CanaryApp(Canaries canaries, CapturedText captured) : IAsyncDisposable
{
    public const string Person = "cleo";

    private readonly string _root = Directory.CreateTempSubdirectory("agentflow-canary-").FullName;
    private IHost? _host;

    public IServiceProvider Services => _host!.Services;

    public IAgentFlow Flow => Services.GetRequiredService<IAgentFlow>();

    /// <summary>The folder of the stores and the sealed keys; the machine key lies beside it.</summary>
    public string Folder => Path.Combine(_root, "app", ".agentflow");

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(Path.Combine(_root, "app"));
        var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { ContentRootPath = Path.Combine(_root, "app") });
        builder.Logging.ClearProviders().AddProvider(new CapturingLogger(captured)).SetMinimumLevel(LogLevel.Trace);
        builder.Services.AddSingleton(canaries);
        builder.AddAgentFlow(options => options.MachineKeyPath = Path.Combine(_root, "keys", "machine.key"))
            .UseSqlite()
            .UseHub(SqliteHub.OpenAsync)
            .AddPerson(Person, "canary-keepers");
        _host = builder.Build();
        await _host.StartAsync(cancellationToken);
    }

    public async Task StopAsync()
    {
        if (_host is not { } host)
            return;
        _host = null;
        await host.StopAsync(CancellationToken.None);
        await ((IAsyncDisposable)host).DisposeAsync();
    }

    public async Task<ApprovalCard> WaitForCardAsync(ThreadId thread, CancellationToken cancellationToken)
    {
        var info = await Flow.WaitForAsync(thread, info => info.PendingApprovals.Count > 0, cancellationToken);
        return Assert.IsType<ApprovalCard>(await Flow.Approvals.GetAsync(Assert.Single(info.PendingApprovals), cancellationToken));
    }

    /// <summary>Every file of the folder as it is at this moment, also while the stores are open. The names of the files are looked through too.</summary>
    public IReadOnlyDictionary<string, byte[]> Files()
    {
        var files = new Dictionary<string, byte[]> { ["names of files"] = System.Text.Encoding.UTF8.GetBytes(string.Join('\n', Paths())) };
        foreach (string path in Paths())
        {
            // The lock files have no content, and cannot be opened while they lock.
            if (path.EndsWith(".lock", StringComparison.Ordinal))
                Assert.Equal(0, new FileInfo(path).Length);
            else
                files.Add(Path.GetRelativePath(Folder, path), Read(path));
        }

        return files;
    }

    /// <summary>Looks into the stopped app's store.</summary>
    public async Task<T> InspectAsync<T>(Func<ReadSession, T> read, CancellationToken cancellationToken)
    {
        Assert.Null(_host);
        await using var store = SqliteStore.Open(Path.Combine(Folder, "agents.db"), new SqliteOptions(), AgentSchema.Migrations);
        return await store.ReadAsync(read, cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        Directory.Delete(_root, recursive: true);
    }

    private string[] Paths() => Directory.GetFiles(Folder, "*", SearchOption.AllDirectories);

    // Closing a file gives up the locks that SQLite has on it in this process. Only another process would notice, and there is none.
    private static byte[] Read(string path)
    {
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using var content = new MemoryStream();
        stream.CopyTo(content);
        return content.ToArray();
    }
}
