using AgentFlow.Hub.PostgreSql.Tests.Server;
using AgentFlow.Hub.Tests.Helpers;
using AgentFlow.HubServer.Settings;
using AgentFlow.Protocol.Hub;

namespace AgentFlow.HubServer.Tests.Serving;

/// <summary>The executable, as somebody runs it.</summary>
public sealed class ProcessTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task On_SQLite_what_was_acknowledged_is_there_after_a_stop_and_after_a_kill()
    {
        using var folder = new TestDirectory();
        using var conversation = new Conversation();
        using (var server = await HubServerProcess.StartAsync(null, "--data", folder.Root))
        {
            Assert.EndsWith($"store sqlite in {folder.Root}", server.Line, StringComparison.Ordinal);
            await using var hub = GrpcHub.Connect(server.Address);
            await conversation.BeginAsync(hub);
            await conversation.AppendAsync(hub);
            Assert.Equal(0, await server.StopAsync());
        }

        using (var server = await HubServerProcess.StartAsync(null, "--data", folder.Root))
        {
            await using var hub = GrpcHub.Connect(server.Address);
            await conversation.CheckAsync(hub);
            await conversation.AppendAsync(hub);
            server.KillNow();
        }

        using (var server = await HubServerProcess.StartAsync(null, "--data", folder.Root))
        {
            await using var hub = GrpcHub.Connect(server.Address);
            await conversation.CheckAsync(hub);
        }
    }

    [Fact]
    public async Task On_PostgreSQL_two_processes_serve_one_log_and_one_of_them_may_be_killed()
    {
        if (PostgreSqlBinaries.Folder is null)
            Assert.Skip("there is no PostgreSQL server here; 'eng/setup --tests' installs one");
        await using var cluster = await ScratchCluster.StartAsync(fsync: true);
        var environment = new Dictionary<string, string> { [HubSettings.ConnectionVariable] = cluster.ConnectionString };
        using var conversation = new Conversation();
        using var first = await HubServerProcess.StartAsync(environment, "--store", "postgresql");
        using var second = await HubServerProcess.StartAsync(environment, "--store", "postgresql");
        Assert.EndsWith("store postgresql", first.Line, StringComparison.Ordinal);
        await using var one = GrpcHub.Connect(first.Address);
        await using var other = GrpcHub.Connect(second.Address);
        await conversation.BeginAsync(one);
        await conversation.AppendAsync(one);
        await conversation.AppendAsync(other);
        await conversation.CheckAsync(one);
        first.KillNow();
        await conversation.CheckAsync(other);
        await conversation.AppendAsync(other);
        Assert.Equal(0, await second.StopAsync());
    }

    [Fact]
    public async Task A_second_process_on_the_same_SQLite_store_ends_with_an_error_that_says_why()
    {
        using var folder = new TestDirectory();
        using var server = await HubServerProcess.StartAsync(null, "--data", folder.Root);
        var (exitCode, _, errors) = await HubServerProcess.RunAsync(null, "serve", "--data", folder.Root, "--urls", "http://127.0.0.1:0");
        Assert.Equal(ExitCode.Failed, exitCode);
        Assert.Contains("error: ", errors, StringComparison.Ordinal);
        Assert.Contains("process", errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--store postgresql", HubSettings.ConnectionVariable)]
    [InlineData("--store paper", "paper")]
    [InlineData("--urls nowhere", "http://127.0.0.1:5080")]
    [InlineData("--colour red", "--colour")]
    [InlineData("store copy --from here --to postgresql", HubSettings.ConnectionVariable)]
    [InlineData("store trim --thread nonsense --below 1", "store verify")]
    [InlineData("--settings nowhere.json", "nowhere.json")]
    public async Task A_flag_that_makes_no_sense_ends_with_2_and_a_word_about_it(string flags, string word)
    {
        var (exitCode, _, errors) = await HubServerProcess.RunAsync(null, flags.Split(' '));
        Assert.Equal(ExitCode.Usage, exitCode);
        Assert.Contains(word, errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_address_that_other_machines_reach_is_refused_without_TLS()
    {
        using var folder = new TestDirectory();
        var (exitCode, _, errors) = await HubServerProcess.RunAsync(null, "--data", folder.Root, "--urls", "http://0.0.0.0:0");
        Assert.Equal(ExitCode.Failed, exitCode);
        Assert.Contains("TLS", errors, StringComparison.Ordinal);
    }
}
