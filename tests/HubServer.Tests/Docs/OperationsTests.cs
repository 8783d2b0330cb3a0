using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using AgentFlow.Hub.PostgreSql.Tests.Server;
using AgentFlow.Hub.Tests.Helpers;
using AgentFlow.HubServer.Settings;

namespace AgentFlow.HubServer.Tests.Docs;

/// <summary>docs/operations.md does what it says.</summary>
public sealed class OperationsTests
{
    private static readonly string s_root = FindRoot();

    private static string Page => File.ReadAllText(Path.Combine(s_root, "docs", "operations.md"));

    [Fact]
    public async Task Every_command_of_the_page_works_in_order_and_the_restore_drill_ends_with_equal_heads_and_hashes()
    {
        if (PostgreSqlBinaries.Folder is null)
            Assert.Skip("there is no PostgreSQL server here; 'eng/setup --tests' installs one");
        await using var cluster = await ScratchCluster.StartAsync(fsync: true);
        using var folder = new TestDirectory();
        using var conversation = new Conversation();
        int[] ports = FreePorts(4);
        using var shell = new ShellSession(s_root, folder.Root, Variables(cluster.Port));
        var printed = new List<string>();
        foreach (string command in DocumentedCommands.Read(Page))
        {
            printed.Add(await shell.RunAsync(DocumentedCommands.Place(command, folder.Root, ports)));
            // The first hub that stands gets something to keep.
            if (conversation.Count == 0 && command.Contains("serve --settings", StringComparison.Ordinal))
            {
                await using var hub = GrpcHub.Connect(new Uri($"http://127.0.0.1:{ports[0]}"));
                await conversation.BeginAsync(hub);
                for (int i = 0; i < 4; i++)
                    await conversation.AppendAsync(hub);
            }
        }

        string backups = folder.Root + "/var/backups/agentflow";
        string[] before = await File.ReadAllLinesAsync($"{backups}/before.txt", TestContext.Current.CancellationToken);
        Assert.StartsWith($"{conversation.Thread} head 5 hash ", before[0], StringComparison.Ordinal);
        Assert.StartsWith("verified 1 threads, 5 envelopes, digest ", before[1], StringComparison.Ordinal);
        foreach (string other in new[] { "after", "postgresql", "postgresql-drill" })
            Assert.Equal(before, await File.ReadAllLinesAsync($"{backups}/{other}.txt", TestContext.Current.CancellationToken));
        Assert.Contains(printed, text => text.Contains(before[1], StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_command_that_fails_is_found()
    {
        using var folder = new TestDirectory();
        using var shell = new ShellSession(s_root, folder.Root, Variables(0));
        var commands = DocumentedCommands.Read("```bash\necho fine\n```\ntext\n```bash\nfalse | cat\n```\n```ini\nnot=a command\n```\n");
        Assert.Equal(2, commands.Count);
        Assert.Equal("fine", await shell.RunAsync(commands[0]));
        var failed = await Assert.ThrowsAsync<CommandFailedException>(() => shell.RunAsync(commands[1]));
        Assert.Contains("false | cat", failed.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_setting_stands_in_the_table_with_its_names_and_its_default()
    {
        string[] rows = Page.Split('\n');
        foreach (var setting in KnownSettings.All)
        {
            string flag = setting.IsSecret ? "| |" : $"| `{setting.Flag}` |";
            string usual = setting.Default.Length == 0 ? "| |" : $"| `{setting.Default}` |";
            Assert.Contains(rows, row => row.StartsWith($"{flag} `{setting.Variable}` {usual} ", StringComparison.Ordinal));
        }

        Assert.Equal(KnownSettings.All.Count, rows.Count(row => row.Contains("| `AGENTFLOW_HUB_", StringComparison.Ordinal)));
    }

    private static Dictionary<string, string> Variables(int port)
    {
        // The runtime lies in shared/NAME/VERSION of it.
        string dotnet = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", ".."));
        return new Dictionary<string, string>
        {
            ["PGHOST"] = "127.0.0.1",
            ["PGPORT"] = port.ToString(CultureInfo.InvariantCulture),
            ["PGUSER"] = "postgres",
            ["MSBUILDDISABLENODEREUSE"] = "1",
            ["PATH"] = $"{PostgreSqlBinaries.Folder}:{Environment.GetEnvironmentVariable("PATH")}",
            ["DOTNET_ROOT"] = Environment.GetEnvironmentVariable("DOTNET_ROOT") ?? dotnet,
        };
    }

    private static int[] FreePorts(int count)
    {
        var listeners = Enumerable.Range(0, count).Select(_ => new TcpListener(IPAddress.Loopback, 0)).ToList();
        listeners.ForEach(listener => listener.Start());
        int[] ports = [.. listeners.Select(listener => ((IPEndPoint)listener.LocalEndpoint).Port)];
        listeners.ForEach(listener => listener.Dispose());
        return ports;
    }

    private static string FindRoot()
    {
        var directory = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(directory.FullName, "AgentFlow.sln")))
            directory = directory.Parent!;
        return directory.FullName;
    }
}
