using System.Globalization;

namespace AgentFlow.ReleaseTrain.Tests;

/// <summary>The train is killed with SIGKILL and started again: it deploys exactly once, and the thread's log verifies.</summary>
public sealed class KillTests(ITestOutputHelper output) : IDisposable
{
    private const int Expired = 7;
    private const int Waiting = 8;
    private const int MostStarts = 20;
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public Task Killed_200_times_with_recorded_tools_the_train_deploys_exactly_once_each_time() => KillAsync(Number("AGENTFLOW_KILLS_RECORDED", 200), isRecorded: true, mostKills: 2);

    [Fact]
    public Task Killed_with_the_real_tools_the_train_deploys_exactly_once_each_time() => KillAsync(Number("AGENTFLOW_KILLS_REAL", 5), isRecorded: false, mostKills: 6);

    private async Task KillAsync(int kills, bool isRecorded, int mostKills)
    {
        int seed = Number("AGENTFLOW_SEED", Random.Shared.Next());
        output.WriteLine($"seed {seed} (repeat with AGENTFLOW_SEED={seed})");
        string repository = await _folder.CloneShopAsync();
        var killedAt = new System.Collections.Concurrent.ConcurrentDictionary<string, int>();
        int killed = 0;
        var plans = isRecorded ? KillPlan.Make(seed, mostKills) : KillPlan.Make(seed, mostKills).Skip(seed % KillPlan.AllFailPoints.Count);
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        var options = new ParallelOptions { MaxDegreeOfParallelism = 2, CancellationToken = TestContext.Current.CancellationToken };
        await Parallel.ForEachAsync(plans.TakeWhile(_ => Volatile.Read(ref killed) < kills), options, async (plan, _) =>
        {
            string root = Directory.CreateDirectory(_folder[$"run-{plan.Number}"]).FullName;
            var train = new Train(root, repository) { IsRecorded = isRecorded };
            var completed = new HashSet<string>();
            bool waits = plan.Expires;
            if (waits)
                (await train.RunAsync("--exit-when-waiting", "--expires-after", "1", "--json")).Expect(8);
            foreach (string point in plan.FailPoints)
            {
                var result = await RunAsync(train, waits, point);
                Assert.True(result.ExitCode is Programs.Killed or 0 || (plan.Expires && result.ExitCode == Expired), $"{plan}: {result.Program}");
                // Killed while it shut down, it has reported its end: the next start is a new run.
                if (result.CompletedThread is { } thread)
                    completed.Add(thread);
                waits &= !result.HasExpired;
                if (result.ExitCode != Programs.Killed)
                    break;
                Interlocked.Increment(ref killed);
                killedAt.AddOrUpdate(point.Split(':')[0], 1, (_, count) => count + 1);
            }

            await CheckAsync(plan, train, root, completed);
            output.WriteLine($"{killed} kills so far; {plan}");
            Directory.Delete(root, recursive: true);
        });
        output.WriteLine($"{killed} kills: {string.Join(", ", killedAt.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => $"{pair.Key} {pair.Value}"))}");
        Assert.True(killed >= kills);
        if (isRecorded && kills >= KillPlan.AllFailPoints.Count)
            Assert.Empty(KillPlan.AllFailPoints.Except(killedAt.Keys));
    }

    /// <summary>Runs the train with a fail-point. One that waits at its gate is started again and again until its request has expired.</summary>
    private static async Task<TrainResult> RunAsync(Train train, bool waits, string point)
    {
        string[] arguments = waits ? ["--exit-when-waiting", "--json"] : ["--auto-approve", "--forget", "--json"];
        var result = await train.RunAsync(arguments, point, null);
        for (int starts = 1; result.ExitCode == Waiting && starts < MostStarts; starts++)
            result = await train.RunAsync(arguments, point, null);
        return result;
    }

    private static async Task CheckAsync(KillPlan plan, Train train, string root, HashSet<string> completed)
    {
        var last = await train.RunAsync("--auto-approve", "--check", "--json");
        if (plan.Expires && last.ExitCode == Expired)
        {
            // Nobody decided in time, so nothing was deployed; the next start is a new run.
            Assert.Equal("approval.expired", last.Error);
            Assert.Empty(train.LiveReleases);
            last = await train.RunAsync("--auto-approve", "--check", "--json");
        }

        Assert.True(last.ExitCode == 0, $"{plan}: {last.Program}");
        completed.Add(last.CompletedThread!);
        string release = last.Data.GetProperty("deployed").GetString()!;
        Assert.Contains(release, train.LiveReleases);
        Assert.True(train.LiveReleases.Count == completed.Count, $"{plan}: {completed.Count} runs made {train.LiveReleases.Count} releases");
        Assert.Equal(Path.GetFileName(release), Path.GetFileName(new FileInfo(Path.Combine(train.Deployments, "current")).LinkTarget));
        Assert.True(File.Exists(last.Receipt), $"{plan}: no receipt");
        Assert.Empty(Processes.Naming(root));
    }

    private static int Number(string variable, int otherwise) =>
        Environment.GetEnvironmentVariable(variable) is { Length: > 0 } text ? int.Parse(text, CultureInfo.InvariantCulture) : otherwise;
}
