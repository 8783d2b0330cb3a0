using System.Buffers.Binary;
using AgentFlow.Storage;
using AgentFlow.Store;

namespace AgentFlow.Runtime.Tests.Store;

/// <summary>A real process is killed with SIGKILL at every fail-point of the store: what it was told is durable, and nothing is there by half.</summary>
public sealed class CrashTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("agentflow-crash-").FullName;

    // A commit passes mid-commit once an operation and the other fail-points once, so the number picks an early or a late commit.
    public static TheoryData<string> FailPoints =>
    [
        AgentFailPoints.MidCommit, AgentFailPoints.MidCommit + ":8", AgentFailPoints.MidCommit + ":60",
        AgentFailPoints.BeforeCommit, AgentFailPoints.BeforeCommit + ":2", AgentFailPoints.BeforeCommit + ":9",
        AgentFailPoints.AfterCommit, AgentFailPoints.AfterCommit + ":2", AgentFailPoints.AfterCommit + ":9",
        AgentFailPoints.BeforeDestroy, AgentFailPoints.AfterDestroy,
        StorageFailPoints.BeforeCommit + ":7", StorageFailPoints.AfterCommit + ":7",
    ];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Every_fail_point_of_the_store_is_tested() =>
        Assert.Empty(AgentFailPoints.All.Except(FailPoints.Select(row => row.Data.Split(':')[0])));

    [Theory]
    [MemberData(nameof(FailPoints))]
    public async Task A_killed_process_loses_nothing_that_it_was_told_and_leaves_nothing_half_done(string failPoint)
    {
        var (exitCode, output) = await CrashProcess.RunAsync(typeof(CrashChild), failPoint, _folder);
        Assert.True(exitCode == CrashProcess.Killed, $"The child ended with {exitCode}, not by SIGKILL:\n{output}");
        long answered = File.Exists(CrashChild.AnswersOf(_folder)) ? new FileInfo(CrashChild.AnswersOf(_folder)).Length : 0;

        await using var store = await CrashChild.OpenAsync(_folder, Cancel);
        var row = await store.LoadThreadAsync(CrashChild.Agent, CrashChild.Thread, Cancel);
        long version = row?.Version ?? 0;
        Assert.InRange(version, answered, answered + 1);
        if (row is { IsDestroyed: true })
        {
            Assert.Equal(AgentFailPoints.AfterDestroy, failPoint);
            Assert.Empty(await store.ReadHistoryAsync(CrashChild.Agent, CrashChild.Thread, 0, 100, Cancel));
        }
        else if (row is not null)
        {
            await AssertWholeAsync(store, row);
        }
    }

    [Fact]
    public async Task Without_a_fail_point_the_child_ends_by_itself()
    {
        var (exitCode, output) = await CrashProcess.RunAsync(typeof(CrashChild), "", _folder);
        Assert.True(exitCode == 0, output);
        Assert.Equal(CrashChild.Commits + 2, new FileInfo(CrashChild.AnswersOf(_folder)).Length);
    }

    private static async Task AssertWholeAsync(IAgentStore store, ThreadRow row)
    {
        var (agent, thread, frames) = (row.Agent, row.Thread, (int)row.Version - 1);
        Assert.Equal(frames, row.Received);
        Assert.Equal(frames, frames == 0 ? 0 : BinaryPrimitives.ReadInt32LittleEndian(row.MemberState));
        Assert.Equal(frames, (await store.ReadHistoryAsync(agent, thread, 0, 100, Cancel)).Count);
        for (int i = 1; i <= CrashChild.Commits; i++)
            Assert.Equal(i <= frames, await store.IsHandledAsync(agent, thread, new(i, 0), Cancel));
        var state = await store.FindStateAsync(agent, thread, "release", Cancel);
        Assert.Equal(frames, state?.Version ?? 0);
        Assert.Equal(frames, (await store.ReadOutboxAsync(agent, thread, 100, Cancel)).Count);
        Assert.Equal(frames, (await store.ListApprovalsAsync(new(), Cancel)).Count);
        Assert.Equal(frames, (await store.ListDueTimersAsync(StoreData.Start, 100, Cancel)).Count);
        Assert.Equal(Enumerable.Range(1, frames), (await store.ReadAuditAsync(agent, thread, 0, 100, Cancel)).Select(line => line.Kind));
    }
}
