using System.Diagnostics;
using AgentFlow;
using ReleaseTrain.Tools;

namespace ReleaseTrain.Building;

/// <summary>Runs the tests of a tree and reads their TRX files.</summary>
public sealed class TestRunner(ProcessRunner tools, Layout layout)
{
    public async ValueTask<TestReport> RunAsync(string source, StepKey key, CancellationToken cancellationToken)
    {
        long started = Stopwatch.GetTimestamp();
        string results = Path.Combine(layout.Work, $"{key}-{Environment.ProcessId}-{started}", "results");
        Directory.CreateDirectory(results);
        var run = await tools.RunAsync("dotnet", source, ["test", "--logger", "trx", "--results-directory", results, "--nologo"], cancellationToken);
        var report = TrxReport.Read(results) with { Duration = Stopwatch.GetElapsedTime(started) };

        if (report.Failed > 0)
            return report with { Error = $"{report.Failed} of {report.Passed + report.Failed} tests failed." };
        if (!run.Succeeded)
            return report with { Error = "'dotnet test' failed.", Failures = run.LastLines(10) };
        if (report.Passed == 0)
            return report with { Error = "No test was run: an untested release does not go on." };
        return report;
    }
}
