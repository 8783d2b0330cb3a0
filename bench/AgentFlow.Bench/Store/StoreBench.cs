namespace AgentFlow.Bench.Store;

/// <summary>The store under callers that wait for their commit.</summary>
internal static class StoreBench
{
    public static Task RunAsync(BenchSettings settings, Report report) => settings.WithFolderAsync(async folder =>
    {
        int count = 0;
        string Next() => Path.Combine(folder, $"{++count}.db");
        var duration = settings.Duration;
        Report.Begin("store: SQLite, synchronous=FULL, 1 KiB a write");
        Report.Detail($"{"case",-42} {"callers",7} {"rate/s",10} {"p50 ms",8} {"p99 ms",8} {"writes/commit",14} {"ratio",7}");
        async Task<double> ShowAsync(string name, int callers, Func<Task<(Sample Sample, double Group)>> run, double? against)
        {
            var (sample, group) = await run();
            Report.Detail($"{name,-42} {callers,7} {sample.Rate,10:0} {sample.P50,8:0.00} {sample.P99,8:0.00} {group,14:0.0} {sample.Rate / (against ?? sample.Rate),7:0.00}");
            return sample.Rate;
        }

        double bare = await ShowAsync("bare insert, group commit", 64, () => StoreCases.BareAsync(Next(), 64, 256, duration), null);
        double alone = await ShowAsync("bare insert, one caller", 1, () => StoreCases.BareAsync(Next(), 1, 256, duration), bare);
        await ShowAsync("bare insert, one commit each", 64, () => StoreCases.BareAsync(Next(), 64, 1, duration), bare);
        double append = await ShowAsync("append, 1,000 threads, group commit", 64, () => StoreCases.AppendAsync(Next(), 64, 256, isHot: false, duration), bare);
        await ShowAsync("append, 1,000 threads, one commit each", 64, () => StoreCases.AppendAsync(Next(), 64, 1, isHot: false, duration), append);
        await ShowAsync("append, one hot thread, group commit", 64, () => StoreCases.AppendAsync(Next(), 64, 256, isHot: true, duration), append);
        double appendAlone = await ShowAsync("append, 1,000 threads, one caller", 1, () => StoreCases.AppendAsync(Next(), 1, 256, isHot: false, duration), append);
        await ShowAsync("append, 1,000 threads, group commit", 512, () => StoreCases.AppendAsync(Next(), 512, 256, isHot: false, duration), append);
        double trusting = await HubCase.RunAsync(Next(), trustOwnProcess: true);
        double verifying = await HubCase.RunAsync(Next(), trustOwnProcess: false);
        Report.Detail($"{"hub append with checks, own process",-42} {64,7} {trusting,10:0} {"",8} {"",8} {"",14} {trusting / append,7:0.00}");
        Report.Detail($"{"hub append with checks and signatures",-42} {64,7} {verifying,10:0} {"",8} {"",8} {"",14} {verifying / append,7:0.00}");
        report.AtLeast("store: appends through the hub's checks in 64 threads : bare appends", trusting / append, 0.6);
        report.Add("store: bare inserts a second, 64 in flight : 1 in flight", bare / alone);
        report.Add("store: hub appends a second, 64 in flight : 1 in flight", append / appendAlone);
    });
}
