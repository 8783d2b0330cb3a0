using System.Diagnostics;

namespace AgentFlow.Bench;

/// <summary>Callers that each start the next call when the one before has ended.</summary>
internal static class ClosedLoop
{
    /// <summary>Runs for a time, after a fifth of it to warm up.</summary>
    public static async Task<Sample> RunAsync(int callers, TimeSpan duration, Func<int, Task> call)
    {
        await MeasureAsync(callers, duration / 5, call);
        return await MeasureAsync(callers, duration, call);
    }

    /// <summary>Runs for a time; a call that runs at its end is waited for and counted.</summary>
    public static async Task<Sample> MeasureAsync(int callers, TimeSpan duration, Func<int, Task> call)
    {
        long start = Stopwatch.GetTimestamp();
        var latencies = await Task.WhenAll(Enumerable.Range(0, callers).Select(caller => Task.Run(async () =>
        {
            var mine = new List<double>();
            while (Stopwatch.GetElapsedTime(start) < duration)
            {
                long begin = Stopwatch.GetTimestamp();
                await call(caller);
                mine.Add(Stopwatch.GetElapsedTime(begin).TotalMilliseconds);
            }

            return mine;
        })));
        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        double[] all = [.. latencies.SelectMany(l => l).Order()];
        return new Sample(all.Length, all.Length / seconds, all[all.Length / 2], all[all.Length * 99 / 100]);
    }
}

/// <summary>What a loop measured.</summary>
/// <param name="Calls">How many calls there were.</param>
/// <param name="Rate">Calls a second.</param>
/// <param name="P50">The median in milliseconds.</param>
/// <param name="P99">The 99th percentile in milliseconds.</param>
internal readonly record struct Sample(int Calls, double Rate, double P50, double P99);
