using System.Diagnostics;
using AgentFlow.Storage;

namespace AgentFlow.Runtime.Tests.Crash;

/// <summary>Runs the train in a process of its own.</summary>
internal static class CrashRun
{
    public const int Killed = 128 + 9;

    public static async Task<(int ExitCode, string Output)> RunAsync(string folder, string? failPoint, CancellationToken cancellationToken)
    {
        string self = typeof(CrashRun).Assembly.Location;
        var start = new ProcessStartInfo("dotnet", [self, "-explicit", "only", "-method", $"{typeof(TrainChild).FullName}.{nameof(TrainChild.Run_the_train_to_its_end)}", "-noLogo", "-noColor"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        start.Environment[TrainChild.FolderVariable] = folder;
        start.Environment[FailPoint.Variable] = failPoint ?? "";
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync(cancellationToken);
        var errors = process.StandardError.ReadToEndAsync(cancellationToken);
        try
        {
            await process.WaitForExitAsync(cancellationToken);
        }
        finally
        {
            if (!process.HasExited)
                process.Kill();
        }

        return (process.ExitCode, await output + await errors);
    }
}
