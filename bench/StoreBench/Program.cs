using System.Globalization;
using AgentFlow.StoreBench;

// Measures ratios in one run on one machine: absolute numbers of a shared machine say little. Arguments: [seconds per case] [directory]
CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
var duration = TimeSpan.FromSeconds(args.Length > 0 ? double.Parse(args[0], CultureInfo.InvariantCulture) : 3);
string directory = Directory.CreateTempSubdirectory("agentflow-bench-").FullName;
if (args.Length > 1)
    directory = Directory.CreateDirectory(args[1]).FullName;
int count = 0;
string Next() => Path.Combine(directory, $"{++count}.db");

Console.WriteLine("case                                       callers     rate/s   p50 ms   p99 ms  writes/commit   ratio");
try
{
    var bare = await ShowAsync("bare insert, group commit", 64, () => Cases.BareAsync(Next(), 64, 256, duration), null);
    await ShowAsync("bare insert, one commit each", 64, () => Cases.BareAsync(Next(), 64, 1, duration), bare);
    await ShowAsync("bare insert, one caller", 1, () => Cases.BareAsync(Next(), 1, 256, duration), bare);
    var append = await ShowAsync("append, 1,000 threads, group commit", 64, () => Cases.AppendAsync(Next(), 64, 256, isHot: false, duration), bare);
    await ShowAsync("append, 1,000 threads, one commit each", 64, () => Cases.AppendAsync(Next(), 64, 1, isHot: false, duration), append);
    await ShowAsync("append, one hot thread, group commit", 64, () => Cases.AppendAsync(Next(), 64, 256, isHot: true, duration), append);
    await ShowAsync("append, 1,000 threads, one caller", 1, () => Cases.AppendAsync(Next(), 1, 256, isHot: false, duration), append);
    await ShowAsync("append, 1,000 threads, group commit", 512, () => Cases.AppendAsync(Next(), 512, 256, isHot: false, duration), append);
    double trusting = await HubCase.RunAsync(Next(), trustOwnProcess: true);
    double verifying = await HubCase.RunAsync(Next(), trustOwnProcess: false);
    Console.WriteLine($"{"hub append with checks, own process",-42} {64,7} {trusting,10:0} {"",8} {"",8} {"",14} {trusting / append,7:0.00}");
    Console.WriteLine($"{"hub append with checks and signatures",-42} {64,7} {verifying,10:0} {"",8} {"",8} {"",14} {verifying / append,7:0.00}");
}
finally
{
    Directory.Delete(directory, recursive: true);
}

static async Task<double> ShowAsync(string name, int callers, Func<Task<(Sample Sample, double Group)>> run, double? against)
{
    var (sample, group) = await run();
    string ratio = against is { } other ? (sample.Rate / other).ToString("0.00", CultureInfo.InvariantCulture) : "1.00";
    Console.WriteLine($"{name,-42} {callers,7} {sample.Rate,10:0} {sample.P50,8:0.00} {sample.P99,8:0.00} {group,14:0.0} {ratio,7}");
    return sample.Rate;
}
