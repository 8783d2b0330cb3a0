using System.Globalization;
using Microsoft.Extensions.Hosting;

namespace AgentFlow.PostgreSql.Tests.Shared;

/// <summary>
/// One process of an app of several, in a process of its own: starts the runs that it is told to (two processes start each of them once, by its key), and
/// sees every one of them to its end. Explicit: it does nothing unless it is asked for.
/// </summary>
public sealed class ChainChild
{
    public const string FolderVariable = "AGENTFLOW_TEST_SHARED_FOLDER";
    public const string NameVariable = "AGENTFLOW_TEST_SHARED_NAME";
    public const string RunsVariable = "AGENTFLOW_TEST_SHARED_RUNS";

    [Fact(Explicit = true)]
    public async Task Work_on_all_runs_to_their_end()
    {
        var cancel = TestContext.Current.CancellationToken;
        string name = Environment.GetEnvironmentVariable(NameVariable)!;
        int runs = int.Parse(Environment.GetEnvironmentVariable(RunsVariable)!, CultureInfo.InvariantCulture);
        var place = await SharedPlace.ReadAsync(Environment.GetEnvironmentVariable(FolderVariable)!, cancel);
        await using var announce = new StreamWriter(Console.OpenStandardOutput());
        using var host = SharedApp.Build(place, name, announce);
        await host.StartAsync(cancel);
        await Parallel.ForAsync(0, runs, new ParallelOptions { MaxDegreeOfParallelism = 16, CancellationToken = cancel }, async (run, token) =>
        {
            var thread = await host.Flow().StartThreadAsync(new Begin(run), new StartThreadOptions { IdempotencyKey = KeyOf(run) }, token);
            var info = await host.Flow().WaitForOutcomeAsync(thread, token);
            Assert.True(info.Outcome == ThreadOutcome.Completed, $"run {run}: {info.Outcome}, {info.Reason}");
        });
        await announce.WriteLineAsync("all done");
        await announce.FlushAsync(cancel);
        await host.StopAsync(cancel);
    }

    public static string KeyOf(int run) => string.Create(CultureInfo.InvariantCulture, $"run {run}");
}
