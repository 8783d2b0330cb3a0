using System.Diagnostics;
using AgentFlow.Bench.Store;

namespace AgentFlow.Bench.Runtime;

/// <summary>Messages through the whole runtime in 64 threads at once, against what the same store can append.</summary>
internal static class RuntimeBench
{
    private const int Threads = 64;
    private const int Rounds = 3;
    private static readonly string s_text = new('x', 700);

    public static Task RunAsync(BenchSettings settings, Report report) => settings.WithFolderAsync(async folder =>
    {
        Report.Begin($"runtime: {Threads} threads at once, agents and hub in one process, each on SQLite with synchronous=FULL");
        double[] shortRatios = new double[Rounds], longRatios = new double[Rounds];
        for (int round = 0; round < Rounds; round++)
        {
            var cpu = Environment.CpuUsage.TotalTime;
            var sample = (await StoreCases.BareAsync(Path.Combine(folder, $"bare{round}.db"), Threads, 256, settings.Duration)).Sample;
            double bare = sample.Rate;
            // The warm-up of the closed loop, a fifth of its time, is in the time of the processor too.
            Report.Detail($"round {round + 1}: the bare store commits {bare:0} writes of 1 KiB a second, each {(Environment.CpuUsage.TotalTime - cpu).TotalMicroseconds / sample.Calls / 1.2:0} us of processor");
            await using var host = await BenchHost.StartAsync(Path.Combine(folder, $"host{round}"));
            await StartAndEndAsync(host, settings.Duration / 5);
            shortRatios[round] = await ShowAsync(host, "short threads", bare, () => StartAndEndAsync(host, settings.Duration));
            host.Game.GoesOn = true;
            var threads = await Task.WhenAll(Enumerable.Range(0, Threads).Select(i => host.Flow.StartThreadAsync(new Ping(i, s_text)).AsTask()));
            await PlayAsync(host, settings.Duration / 5);
            longRatios[round] = await ShowAsync(host, "long threads", bare, () => PlayAsync(host, settings.Duration));
            host.Game.GoesOn = false;
            foreach (var thread in threads)
                await host.Flow.WaitForOutcomeAsync(thread);
        }

        report.AtLeast("runtime: messages a second in 64 long threads : bare appends", Median(longRatios), 0.6);
        report.Add("runtime: messages a second of start + handle + reply : bare appends", Median(shortRatios));
    });

    /// <summary>Prints what a case cost in commits and in time of the processor.</summary>
    private static async Task<double> ShowAsync(BenchHost host, string name, double bare, Func<Task<double>> run)
    {
        var (hub, agents) = (host.HubStatistics, host.AgentStatistics);
        var cpu = Environment.CpuUsage.TotalTime;
        long allocated = GC.GetTotalAllocatedBytes();
        long started = Stopwatch.GetTimestamp();
        double messages = await run();
        var time = Stopwatch.GetElapsedTime(started);
        cpu = Environment.CpuUsage.TotalTime - cpu;
        double rate = messages / time.TotalSeconds;
        double PerMessage(long count) => count / messages;
        Report.Detail($"  {name}: {rate:0} messages a second; each {cpu.TotalMicroseconds / messages:0} us of processor ({cpu / time:0.0} cores busy), "
            + $"{PerMessage(GC.GetTotalAllocatedBytes() - allocated) / 1024:0} KiB allocated,");
        Report.Detail($"    {PerMessage(host.AgentStatistics.Operations - agents.Operations):0.0} agent writes in {PerMessage(host.AgentStatistics.Commits - agents.Commits):0.00} commits, "
            + $"{PerMessage(host.HubStatistics.Operations - hub.Operations):0.0} hub writes in {PerMessage(host.HubStatistics.Commits - hub.Commits):0.00} commits");
        return rate / bare;
    }

    /// <summary>Callers that each start a thread, wait for its end, and start the next: two messages and a genesis each.</summary>
    private static async Task<double> StartAndEndAsync(BenchHost host, TimeSpan duration)
    {
        var sample = await ClosedLoop.MeasureAsync(Threads, duration, async caller =>
        {
            var thread = await host.Flow.StartThreadAsync(new Ask(caller, s_text));
            var end = await host.Flow.WaitForOutcomeAsync(thread);
            if (end.Outcome != ThreadOutcome.Completed)
                throw new InvalidOperationException($"A thread ended as {end.Outcome}: {end.Reason}.");
        });
        return sample.Calls * 2;
    }

    /// <summary>Counts what is handled in threads in which two agents answer each other without a pause.</summary>
    private static async Task<double> PlayAsync(BenchHost host, TimeSpan duration)
    {
        int before = host.Game.Handled;
        await Task.Delay(duration);
        return host.Game.Handled - before;
    }

    private static double Median(double[] values) => values.Order().ElementAt(values.Length / 2);
}
