using AgentFlow.Hub.PostgreSql.Tests.Server;
using AgentFlow.Hub.Tests.Helpers;
using AgentFlow.HubServer.Settings;

namespace AgentFlow.HubServer.Tests.Stores;

/// <summary>The commands on what a hub has stored, as somebody runs them.</summary>
public sealed class StoreCommandTests : IDisposable
{
    private const int PageBytes = 8192;
    private readonly TestDirectory _folder = new();
    private readonly Conversation _conversation = new();

    private string Live => Path.Combine(_folder.Root, "live");

    private string Restored => Path.Combine(_folder.Root, "restored");

    private string Copy => Path.Combine(_folder.Root, "hub.backup");

    public void Dispose()
    {
        _conversation.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task A_backup_of_a_hub_under_load_holds_a_prefix_that_verifies_and_the_hub_goes_on()
    {
        using var server = await HubServerProcess.StartAsync(null, "--data", Live);
        await using var hub = GrpcHub.Connect(server.Address);
        await _conversation.BeginAsync(hub);
        var load = _conversation.AppendUntilRefusedAsync(hub);
        await _conversation.UntilAppendedAsync(20);
        string[] backedUp = await RunAsync("store", "backup", "--data", Live, "--to", Copy);
        await _conversation.UntilAppendedAsync(20);
        Assert.Equal(0, await server.StopAsync());
        await load;

        string[] restored = await RunAsync("store", "restore", "--from", Copy, "--data", Restored);
        Assert.Equal(Summary(backedUp), Summary(restored));
        Assert.Equal(Summary(restored), Summary(await RunAsync("store", "verify", "--data", Restored)));
        using var again = await HubServerProcess.StartAsync(null, "--data", Restored);
        await using var old = GrpcHub.Connect(again.Address);
        var page = await _conversation.As(old).ReadThreadAsync(_conversation.Thread, 0, 1000, 4 << 20, TestContext.Current.CancellationToken);
        Assert.InRange(page.Head, 21, _conversation.Count);
        Assert.Equal(page.Head, page.Envelopes.Count);
    }

    [Fact]
    public async Task Nothing_is_ever_replaced_and_a_damaged_backup_is_refused()
    {
        await FillAsync(3);
        await RunAsync("store", "backup", "--data", Live, "--to", Copy);
        Assert.Contains("exists", await FailAsync("store", "backup", "--data", Live, "--to", Copy), StringComparison.Ordinal);
        Assert.Contains("exists", await FailAsync("store", "restore", "--from", Copy, "--data", Live), StringComparison.Ordinal);
        Assert.Contains("no database", await FailAsync("store", "backup", "--data", Restored, "--to", Copy + "2"), StringComparison.Ordinal);
        await using (var file = File.OpenWrite(Copy))
        {
            file.Position = file.Length / PageBytes / 2 * PageBytes;
            await file.WriteAsync(new byte[PageBytes], TestContext.Current.CancellationToken);
        }

        Assert.Contains("damaged", await FailAsync("store", "restore", "--from", Copy, "--data", Restored), StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(Restored, "hub.db")));
    }

    [Fact]
    public async Task Verify_names_the_thread_whose_log_is_not_what_was_acknowledged()
    {
        await FillAsync(3);
        await using (var store = AgentFlow.Storage.SqliteStore.Open(Path.Combine(Live, "hub.db"), new(), [new("as it is", "SELECT 1")]))
        {
            await store.WriteAsync(
                session => session.Prepare("UPDATE log SET body=zeroblob(length(body)) WHERE seq=3").Run(), TestContext.Current.CancellationToken);
        }

        var (exitCode, _, errors) = await HubServerProcess.RunAsync(null, "store", "verify", "--data", Live);
        Assert.Equal(ExitCode.Failed, exitCode);
        Assert.Contains($"{_conversation.Thread}: the envelope at position 3", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_trim_removes_bodies_and_keeps_heads_and_hashes()
    {
        await FillAsync(9);
        string[] before = await RunAsync("store", "verify", "--data", Live);
        string[] trimmed = await RunAsync("store", "trim", "--data", Live, "--thread", _conversation.Thread.ToString(), "--below", "6");
        string[] after = await RunAsync("store", "verify", "--data", Live);
        // The genesis is a commit, which every later reader needs.
        Assert.Contains("4 were removed", trimmed[0], StringComparison.Ordinal);
        Assert.Contains("hidden 4", after[0], StringComparison.Ordinal);
        Assert.Equal(Summary(before), Summary(after));
    }

    [Fact]
    public async Task A_store_that_was_copied_to_PostgreSQL_has_the_same_heads_and_hashes_and_the_hub_goes_on_there()
    {
        if (PostgreSqlBinaries.Folder is null)
            Assert.Skip("there is no PostgreSQL server here; 'eng/setup --tests' installs one");
        await using var cluster = await ScratchCluster.StartAsync(fsync: true);
        var environment = new Dictionary<string, string> { [HubSettings.ConnectionVariable] = cluster.ConnectionString };
        await FillAsync(5);
        string[] source = await RunAsync("store", "verify", "--data", Live);
        var (exitCode, output, errors) = await HubServerProcess.RunAsync(environment, "store", "copy", "--from", Live, "--to", "postgresql");
        Assert.True(exitCode == 0, errors);
        Assert.StartsWith("copied 1 threads, 6 envelopes", output, StringComparison.Ordinal);
        var target = await HubServerProcess.RunAsync(environment, "store", "verify", "--store", "postgresql");
        Assert.Equal(source, target.Output.TrimEnd().Split('\n'));

        using var server = await HubServerProcess.StartAsync(environment, "--store", "postgresql");
        await using var hub = GrpcHub.Connect(server.Address);
        await _conversation.CheckAsync(hub);
        await _conversation.AppendAsync(hub);
    }

    private static string Summary(string[] lines) => lines[^1][lines[^1].IndexOf(' ', StringComparison.Ordinal)..].Replace(" up", "", StringComparison.Ordinal);

    private static async Task<string[]> RunAsync(params string[] command)
    {
        var (exitCode, output, errors) = await HubServerProcess.RunAsync(null, command);
        Assert.True(exitCode == 0, errors);
        return output.TrimEnd().Split('\n');
    }

    private static async Task<string> FailAsync(params string[] command)
    {
        var (exitCode, _, errors) = await HubServerProcess.RunAsync(null, command);
        Assert.Equal(ExitCode.Failed, exitCode);
        return errors;
    }

    private async Task FillAsync(int count)
    {
        using var server = await HubServerProcess.StartAsync(null, "--data", Live);
        await using var hub = GrpcHub.Connect(server.Address);
        await _conversation.BeginAsync(hub);
        for (int i = 0; i < count; i++)
            await _conversation.AppendAsync(hub);
        Assert.Equal(0, await server.StopAsync());
    }
}
