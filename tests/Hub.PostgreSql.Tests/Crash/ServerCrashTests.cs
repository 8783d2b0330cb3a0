using System.Diagnostics;
using AgentFlow.Hub.CrashHost;
using AgentFlow.Hub.PostgreSql.Tests.Server;
using AgentFlow.Hub.Tests.Crash;

namespace AgentFlow.Hub.PostgreSql.Tests.Crash;

/// <summary>Kills a server with SIGKILL under load, and looks at what is left. Power loss cannot be proven this way.</summary>
public sealed class ServerCrashTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_server_whose_backend_and_then_whose_postmaster_is_killed_under_load_has_kept_every_answer_and_the_hub_goes_on()
    {
        await using var cluster = await TestServer.StartClusterAsync();
        await using var store = new PostgreSqlEnvelopeStore(new PostgreSqlOptions { ConnectionString = cluster.ConnectionString, Lanes = 2 });
        await store.OpenAsync(Token);
        using var answers = new AnswerLog();
        using var stop = new CancellationTokenSource();
        var load = new SenderLoad(store, answers, seed: 1).RunAsync(stop.Token);
        await answers.UntilAsync(100);
        await KillBackendAsync(cluster);
        await answers.UntilAsync(200);
        await cluster.KillAsync();
        await cluster.StartAsync();
        await answers.UntilAsync(300);
        await stop.CancelAsync();
        await load;

        // What the pump had claimed when it was told to stop is free when its time is over; nobody waits for that here.
        await cluster.RunAsync("UPDATE agentflow.outbox SET lease_until=0");
        var checker = new LogChecker();
        checker.Add(answers.Lines);
        await checker.CheckAsync(store, Token);
    }

    private static async Task KillBackendAsync(ScratchCluster cluster)
    {
        object? pid = await cluster.RunAsync("SELECT pid FROM pg_stat_activity WHERE query LIKE '%apply_commits%' AND pid<>pg_backend_pid() LIMIT 1");
        using var backend = Process.GetProcessById((int)pid!);
        backend.Kill();
    }
}
