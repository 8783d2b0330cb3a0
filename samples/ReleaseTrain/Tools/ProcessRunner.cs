using System.Diagnostics;
using System.Text;

namespace ReleaseTrain.Tools;

/// <summary>How a program ended, with the end of what it printed.</summary>
public sealed record ProcessResult(int ExitCode, string Output, string Error)
{
    public bool Succeeded => ExitCode == 0;

    /// <summary>The last lines of what it printed, for a person to read.</summary>
    public IReadOnlyList<string> LastLines(int count) =>
        [.. (Output + "\n" + Error).Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).TakeLast(count)];
}

/// <summary>Runs the external tools. Each can be replaced by another program of the same command line: <c>RELEASETRAIN_GIT</c>, <c>RELEASETRAIN_DOTNET</c>.</summary>
public sealed class ProcessRunner
{
    private const int MaximumOutput = 4 << 20;

    public async Task<ProcessResult> RunAsync(string tool, string workingDirectory, IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo(Resolve(tool))
        {
            WorkingDirectory = workingDirectory,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        };
        foreach (string argument in arguments)
            start.ArgumentList.Add(argument);
        // A build server that outlives its run would hold the folder of a release.
        start.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        start.Environment["DOTNET_CLI_UI_LANGUAGE"] = "en";
        start.Environment["DOTNET_NOLOGO"] = "1";

        using var process = Process.Start(start) ?? throw new InvalidOperationException($"'{tool}' could not be started.");
        process.StandardInput.Close();
        try
        {
            var output = ReadAsync(process.StandardOutput, cancellationToken);
            var error = ReadAsync(process.StandardError, cancellationToken);
            await process.WaitForExitAsync(cancellationToken);
            return new ProcessResult(process.ExitCode, await output, await error);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }
    }

    /// <summary>The program that stands for a tool.</summary>
    public static string Resolve(string tool) => Environment.GetEnvironmentVariable("RELEASETRAIN_" + tool.ToUpperInvariant()) is { Length: > 0 } path ? path : tool;

    private static async Task<string> ReadAsync(StreamReader reader, CancellationToken cancellationToken)
    {
        var text = new StringBuilder();
        var buffer = new char[8192];
        for (int read; (read = await reader.ReadAsync(buffer, cancellationToken)) > 0;)
        {
            text.Append(buffer, 0, read);
            if (text.Length > MaximumOutput)
                text.Remove(0, text.Length - (MaximumOutput / 2));
        }

        return text.ToString();
    }
}
