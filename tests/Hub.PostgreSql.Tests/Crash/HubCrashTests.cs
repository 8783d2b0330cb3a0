using AgentFlow.Hub.PostgreSql.Tests.Server;
using AgentFlow.Hub.Stores;
using AgentFlow.Hub.Tests.Crash;

namespace AgentFlow.Hub.PostgreSql.Tests.Crash;

/// <summary>Kills hubs with SIGKILL under load, and looks at what is left.</summary>
public sealed class HubCrashTests(ITestOutputHelper output)
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

    private static async Task CheckAsync(LogChecker checker, TestDatabase database)
    {
        await using var store = await database.OpenAsync();
        // What the dead hub had claimed is free when its time is over; nobody waits for that here.
        await database.RunAsync("UPDATE agentflow.outbox SET lease_until=0");
        await checker.CheckAsync(store, Token);
    }
}
