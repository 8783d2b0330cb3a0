using System.Diagnostics;
using System.Globalization;
using AgentFlow.Hub.CrashHost;
using AgentFlow.Hub.PostgreSql.Tests.Server;
using AgentFlow.Hub.Stores;
using AgentFlow.Hub.Tests.Crash;
using Npgsql;

namespace AgentFlow.Hub.PostgreSql.Tests.Crash;

/// <summary>Kills hubs and servers with SIGKILL under load, and looks at what is left. Power loss cannot be proven this way.</summary>
public sealed class PostgreSqlCrashTests(ITestOutputHelper output)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static TheoryData<string> FailPoints =>
        [HubFailPoints.BeforeCommit, HubFailPoints.AfterCommitBeforeReply, HubFailPoints.BeforeNotify, HubFailPoints.MidFanOut, HubFailPoints.AfterFanOut];

    [Theory]
    [MemberData(nameof(FailPoints))]
    public async Task A_hub_killed_at_a_fail_point_has_kept_every_answer(string failPoint)
    {
        await using var database = await TestServer.RentDatabaseAsync();
        var checker = new LogChecker();
        using (var process = CrashHostProcess.Start($"{failPoint}:10", "senders", database.ConnectionString, "1"))
            checker.Add(await process.RunUntilDeadAsync(int.MaxValue, Token));
        await CheckAsync(checker, database);
    }

    [Fact]
    public async Task Two_hubs_that_send_the_same_envelopes_at_once_and_are_killed_one_after_the_other_agree_on_every_answer()
    {
        await using var database = await TestServer.RentDatabaseAsync();
        var checker = new LogChecker();
        using var first = CrashHostProcess.Start(null, "senders", database.ConnectionString, "1");
        using var second = CrashHostProcess.Start(null, "senders", database.ConnectionString, "2");
        var lines = await Task.WhenAll(first.RunUntilDeadAsync(Random.Shared.Next(50, 300), Token), second.RunUntilDeadAsync(600, Token));
        checker.Add(lines[0]);
        checker.Add(lines[1]);
        await CheckAsync(checker, database);
        output.WriteLine($"{checker.Answered} answers");
    }

    [Fact]
    public async Task A_server_whose_backend_and_then_whose_postmaster_is_killed_under_load_has_kept_every_answer_and_the_hub_goes_on()
    {
        await using var cluster = await TestServer.StartClusterAsync();
        await using var store = new PostgreSqlEnvelopeStore(new PostgreSqlOptions { ConnectionString = cluster.ConnectionString, Lanes = 2 });
        await store.OpenAsync(Token);
        using var answers = new AnswerLog();
        using var stop = new CancellationTokenSource();
        var load = new SenderLoad(store, answers, seed: 1).RunAsync(stop.Token);
        await answers.UntilAsync(300);
        await KillBackendAsync(cluster.ConnectionString);
        await answers.UntilAsync(600);
        await cluster.KillAsync();
        await cluster.StartAsync();
        await answers.UntilAsync(900);
        await stop.CancelAsync();
        await load;

        var checker = new LogChecker();
        checker.Add(answers.Lines);
        await checker.CheckAsync(store, Token);
    }

    private static async Task CheckAsync(LogChecker checker, TestDatabase database)
    {
        await using var store = await database.OpenAsync();
        // What the dead hub had claimed is free when its time is over; nobody waits for that here.
        await database.RunAsync("UPDATE agentflow.outbox SET lease_until=0");
        await checker.CheckAsync(store, Token);
    }

    private static async Task KillBackendAsync(string connectionString)
    {
        await using var connection = new NpgsqlConnection(connectionString + ";Pooling=false");
        await connection.OpenAsync(Token);
        await using var command = new NpgsqlCommand("SELECT pid FROM pg_stat_activity WHERE query LIKE '%agentflow.append%' OR query LIKE '%apply_commits%' AND pid<>pg_backend_pid() LIMIT 1", connection);
        int pid = Convert.ToInt32(await command.ExecuteScalarAsync(Token), CultureInfo.InvariantCulture);
        using var backend = Process.GetProcessById(pid);
        backend.Kill();
    }
}
