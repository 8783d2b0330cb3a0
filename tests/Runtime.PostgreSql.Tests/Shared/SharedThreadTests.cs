using AgentFlow.PostgreSql.Tests.Store;
using AgentFlow.Store;

namespace AgentFlow.PostgreSql.Tests.Shared;

/// <summary>
/// Real processes of one app on one store: one is killed, or stands still past its leases, in the middle of the work; every thread completes all the
/// same.
/// </summary>
public sealed class SharedThreadTests(ITestOutputHelper output) : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("agentflow-shared-").FullName;
    private AgentDatabase _database = null!;
    private SharedPlace _place = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static TheoryData<string> FailPoints =>
    [
        // The chain key is durable and nothing is sent; sealed, and nothing is durable; around the commits; an effect of which the journal does not tell.
        AgentFlow.Diagnostics.FailPoints.BeforeAppend + ":7", AgentFlow.Diagnostics.FailPoints.AfterSeal + ":5",
            AgentFlow.Diagnostics.FailPoints.AfterHandleCommit + ":3",
        AgentFailPoints.BeforeCommit + ":40", AgentFailPoints.AfterCommit + ":40", AgentFlow.Diagnostics.FailPoints.BetweenEffectAndJournal + ":2",
            AgentFlow.Diagnostics.FailPoints.AfterStartCommit + ":2",
    ];

    public async ValueTask InitializeAsync()
    {
        _database = await AgentDatabase.RentAsync();
        _place = new SharedPlace(_folder, _database.ConnectionString, _database.Schema);
        await _place.WriteAsync(Cancel);
    }

    public async ValueTask DisposeAsync()
    {
        await _database.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task A_process_killed_in_the_middle_of_hundreds_of_threads_leaves_them_to_the_other()
    {
        const int Runs = 150;
        using var first = ChainProcess.Start(_place, "a", Runs, effects: 100);
        using var second = ChainProcess.Start(_place, "b", Runs);
        await first.Enough;
        first.Kill();
        await FreeFanOutAsync();
        Assert.True(await second.ExitAsync() == 0, second.Output);
        int repeated = await ChainCheck.AssertAllAsync(_place, Runs, ["a", "b"], Cancel);
        output.WriteLine($"{repeated} effects were had again");
    }

    [Fact]
    public async Task A_process_that_stood_still_past_its_leases_is_fenced_and_goes_on_without_a_second_effect()
    {
        const int Runs = 60;
        using var first = ChainProcess.Start(_place, "a", Runs, effects: 30);
        using var second = ChainProcess.Start(_place, "b", Runs);
        await first.Enough;
        await first.SignalAsync("STOP");
        await FreeFanOutAsync();
        await second.Done;
        await first.SignalAsync("CONT");
        Assert.True(await first.ExitAsync() == 0, first.Output);
        Assert.True(await second.ExitAsync() == 0, second.Output);
        int repeated = await ChainCheck.AssertAllAsync(_place, Runs, ["a", "b"], Cancel);
        output.WriteLine($"{repeated} effects were had again");
    }

    [Theory]
    [MemberData(nameof(FailPoints))]
    public async Task A_process_killed_at_a_fail_point_is_followed_by_the_other(string failPoint)
    {
        const int Runs = 20;
        using var first = ChainProcess.Start(_place, "a", Runs, effects: 1, failPoint: failPoint);
        // The second comes when the first is at work, or dead: it must not take all starts from it.
        await first.Enough;
        using var second = ChainProcess.Start(_place, "b", Runs);
        Assert.True(await first.ExitAsync() == 128 + 9, $"It was not killed:\n{first.Output}");
        await FreeFanOutAsync();
        Assert.True(await second.ExitAsync() == 0, second.Output);
        int repeated = await ChainCheck.AssertAllAsync(_place, Runs, ["a", "b"], Cancel);
        Assert.InRange(repeated, 0, Runs * 3);
        output.WriteLine($"{repeated} effects were had again");
    }

    // What the hub of the dead process had claimed is free when its time is over; nobody waits for that here.
    private Task FreeFanOutAsync() => _database.RunAsync("UPDATE agentflow.outbox SET lease_until=0");
}
