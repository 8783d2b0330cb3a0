using System.Globalization;
using AgentFlow.Bench;
using AgentFlow.Bench.Dispatch;
using AgentFlow.Bench.Envelopes;
using AgentFlow.Bench.Runtime;
using AgentFlow.Bench.Store;
using AgentFlow.Bench.Wire;

// Measures ratios within one run on one machine: absolute numbers of a shared machine say little. README.md says what each row means.
// Arguments: [NAME ...] [--seconds N] [--threads N] [--directory PATH]
CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
if (BenchSettings.TryParse(args) is not { } settings)
    return 64;

var benches = new (string Name, Func<BenchSettings, Report, Task> Run)[]
{
    ("envelope", EnvelopeBench.RunAsync), ("dispatch", DispatchBench.RunAsync), ("store", StoreBench.RunAsync), ("postgres", PostgreSqlBench.RunAsync),
    ("wire", WireBench.RunAsync), ("runtime", RuntimeBench.RunAsync), ("memory", ParkedBench.RunAsync),
};
if (settings.Names.Except(benches.Select(bench => bench.Name)).FirstOrDefault() is { } unknown)
{
    Console.Error.WriteLine($"There is no '{unknown}'. Choose of: {string.Join(", ", benches.Select(bench => bench.Name))}.");
    return 64;
}

var report = new Report();
foreach (var bench in benches.Where(bench => settings.Names.Count == 0 || settings.Names.Contains(bench.Name)))
    await bench.Run(settings, report);
report.WriteTable(Console.Out);
return 0;
