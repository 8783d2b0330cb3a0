using System.Diagnostics;
using AgentFlow.Storage;

namespace AgentFlow.Hub.Tests.Crash;

/// <summary>The process that is killed, and the lines that it wrote before.</summary>
internal sealed class CrashHostProcess : IDisposable
{
    private const int Killed = 128 + 9;
    private readonly Process _process;

    private CrashHostProcess(Process process) => _process = process;

    public static CrashHostProcess Start(string? failPoint, params string[] arguments)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath is { } path && Path.GetFileNameWithoutExtension(path) == "dotnet" ? path : "dotnet")
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "AgentFlow.Hub.CrashHost.dll"));
        foreach (string argument in arguments)
            start.ArgumentList.Add(argument);
        start.Environment.Remove(FailPoint.Variable);
        if (failPoint is not null)
            start.Environment[FailPoint.Variable] = failPoint;
        return new CrashHostProcess(Process.Start(start)!);
    }

    /// <summary>Reads lines (each is one write to the pipe, so none is cut) until the process dies: by its fail-point, or by our hand after so many lines.</summary>
    public Task<List<string>> RunUntilDeadAsync(int killAfterLines, CancellationToken cancellationToken) => RunAsync(killAfterLines, Killed, cancellationToken);

    /// <summary>Reads lines until the process ends by itself.</summary>
    public Task<List<string>> RunToEndAsync(CancellationToken cancellationToken) => RunAsync(int.MaxValue, 0, cancellationToken);

    private async Task<List<string>> RunAsync(int killAfterLines, int exitCode, CancellationToken cancellationToken)
    {
        var errors = _process.StandardError.ReadToEndAsync(cancellationToken);
        var lines = new List<string>();
        using var onCancel = cancellationToken.Register(() => _process.Kill());
        while (await _process.StandardOutput.ReadLineAsync(cancellationToken) is { } line)
        {
            lines.Add(line);
            if (lines.Count == killAfterLines)
                _process.Kill();
        }

        await _process.WaitForExitAsync(cancellationToken);
        Assert.True(_process.ExitCode == exitCode, $"It ended with {_process.ExitCode} instead of {exitCode}: {await errors}");
        return lines;
    }

    public void Dispose()
    {
        if (!_process.HasExited)
            _process.Kill();
        _process.Dispose();
    }
}
