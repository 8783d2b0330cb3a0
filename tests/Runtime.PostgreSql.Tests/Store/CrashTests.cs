using AgentFlow.Runtime.Tests.Store;
using AgentFlow.Store;

namespace AgentFlow.PostgreSql.Tests.Store;

/// <summary>A real process is killed with SIGKILL at every fail-point of the store: what it was told is durable, and nothing is there by half.</summary>
public sealed class CrashTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("agentflow-crash-").FullName;

    // A commit passes mid-commit once an operation and the other fail-points once, so the number picks an early or a late commit.
    public static TheoryData<string> FailPoints =>
    [
        AgentFailPoints.MidCommit + ":8", AgentFailPoints.MidCommit + ":60", AgentFailPoints.BeforeCommit, AgentFailPoints.BeforeCommit + ":9",
        AgentFailPoints.AfterCommit, AgentFailPoints.AfterCommit + ":9", AgentFailPoints.BeforeDestroy, AgentFailPoints.AfterDestroy,
    ];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Every_fail_point_of_the_store_is_tested() => Assert.Empty(AgentFailPoints.All.Except(FailPoints.Select(row => row.Data.Split(':')[0])));

    [Theory]
    [MemberData(nameof(FailPoints))]
    public async Task A_killed_process_loses_nothing_that_it_was_told_and_leaves_nothing_half_done(string failPoint)
    {
        await using var database = await AgentDatabase.RentAsync();
        await File.WriteAllLinesAsync(CrashChild.PlaceOf(_folder), [database.ConnectionString, database.Schema], Cancel);
        var (exitCode, output) = await CrashProcess.RunAsync(typeof(CrashChild), failPoint, _folder);
        Assert.True(exitCode == CrashProcess.Killed, $"The child ended with {exitCode}, not by SIGKILL:\n{output}");
        await using var store = await database.OpenAsync(new byte[32]);
        await CrashWork.AssertKeptAsync(store, _folder, failPoint, Cancel);
    }
}
