using AgentFlow.Diagnostics;

namespace AgentFlow.Runtime.Tests.Crash;

/// <summary>A real process is killed with SIGKILL at every fail-point of the runtime and started again: the train ends deployed, once.</summary>
public sealed class TrainCrashTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("agentflow-train-").FullName;

    // The number picks which passing of the place kills: the first by default, a later agent or message with it.
    public static TheoryData<string> Places =>
    [
        .. FailPoints.All,
        FailPoints.AfterOpen + ":9", FailPoints.AfterReceiveCommit + ":17", FailPoints.BeforeHandler + ":3", FailPoints.AfterHandler + ":2", FailPoints.AfterSeal + ":3",
        FailPoints.AfterHandleCommit + ":2", FailPoints.BeforeAppend + ":4", FailPoints.AfterAppend + ":2", FailPoints.AfterAppend + ":5", FailPoints.AfterAcknowledge + ":6",
    ];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [MemberData(nameof(Places))]
    public async Task A_train_killed_anywhere_ends_deployed_once(string place)
    {
        var (killed, output) = await CrashRun.RunAsync(_folder, place, Cancel);
        Assert.True(killed == CrashRun.Killed, $"The child ended with {killed}, not by SIGKILL:\n{output}");
        var (finished, secondOutput) = await CrashRun.RunAsync(_folder, null, Cancel);
        Assert.True(finished == 0, $"The second run ended with {finished}:\n{secondOutput}");

        string[] effects = await File.ReadAllLinesAsync(Path.Combine(_folder, "effects"), Cancel);
        Assert.Single(effects.Distinct());
        Assert.Equal(place == FailPoints.BetweenEffectAndJournal ? 2 : 1, effects.Length);
    }
}
