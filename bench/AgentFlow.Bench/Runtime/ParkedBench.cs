using System.Diagnostics;

namespace AgentFlow.Bench.Runtime;

/// <summary>What threads cost in memory that wait for a person.</summary>
internal static class ParkedBench
{
    private const int Callers = 64;
    private const double MiB = 1 << 20;

    public static Task RunAsync(BenchSettings settings, Report report) => settings.WithFolderAsync(async folder =>
    {
        int count = settings.ParkedThreads;
        Report.Begin($"memory: {count} threads that wait for a person, each with four members");
        await using var host = await BenchHost.StartAsync(Path.Combine(folder, "host"));
        var start = Measure("before the first thread");
        var half = start;
        var end = start;
        long began = Stopwatch.GetTimestamp();
        for (int quarter = 1; quarter <= 4; quarter++)
        {
            await ParkAsync(host, count / 4);
            end = Measure($"{quarter * (count / 4)} parked, {Stopwatch.GetElapsedTime(began).TotalSeconds:0} s");
            half = quarter == 2 ? end : half;
        }

        double growth = (end.WorkingSet - start.WorkingSet) / MiB;
        double perThousand = (end.WorkingSet - half.WorkingSet) / MiB / (count / 2) * 1000;
        if (count == 10_000)
            report.AtMost("memory: working set that 10,000 parked threads add", growth, 200, " MiB");
        else
            report.AtMost($"memory: of 10,000 parked threads, from {count} and the slope of their second half", growth + (perThousand * (10_000 - count) / 1000), 200, " MiB");
        report.Add($"memory: managed heap that {count} parked threads add", (end.Heap - start.Heap) / MiB, " MiB");
    });

    private static Task ParkAsync(BenchHost host, int count)
    {
        int next = 0;
        return Task.WhenAll(Enumerable.Range(0, Callers).Select(_ => Task.Run(async () =>
        {
            while (Interlocked.Increment(ref next) is var number && number <= count)
            {
                var thread = await host.Flow.StartThreadAsync(new Order("chair", number));
                var info = await host.Flow.WaitForAsync(thread, static info => info.PendingApprovals.Count > 0);
                if (info.PendingApprovals.Count == 0)
                    throw new InvalidOperationException($"A thread is {info.Outcome}: {info.Reason}.");
            }
        })));
    }

    private static (long WorkingSet, long Heap) Measure(string when)
    {
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        var measured = (WorkingSet: Environment.WorkingSet, Heap: GC.GetTotalMemory(forceFullCollection: true));
        Report.Detail($"{when}: working set {measured.WorkingSet / MiB:0} MiB, managed heap {measured.Heap / MiB:0} MiB");
        return measured;
    }
}
