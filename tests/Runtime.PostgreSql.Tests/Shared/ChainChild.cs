using System.Globalization;
using AgentFlow.Storage;
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
            var info = await RunAsync(host.Flow(), run, token);
            Assert.True(info.Outcome == ThreadOutcome.Completed, $"run {run}: {info.Outcome}, {info.Reason}");
        });
        await announce.WriteLineAsync("all done");
        await announce.FlushAsync(cancel);
        await host.StopAsync(cancel);
    }

    /// <summary>Starts a run, and waits for its end. What the database was too busy for, or had no answer to, is asked again under the same key.</summary>
    private static async Task<ThreadInfo> RunAsync(IAgentFlow flow, int run, CancellationToken cancel)
    {
        while (true)
        {
            try
            {
                var thread = await flow.StartThreadAsync(new Begin(run), new StartThreadOptions { IdempotencyKey = KeyOf(run) }, cancel);
                return await flow.WaitForOutcomeAsync(thread, cancel);
            }
            catch (StorageException e) when (e.IsRetryable)
            {
                await Task.Yield();
            }
        }
    }

    public static string KeyOf(int run) => string.Create(CultureInfo.InvariantCulture, $"run {run}");
}
