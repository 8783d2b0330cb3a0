using System.Diagnostics;
using AgentFlow.Storage;

namespace AgentFlow.Runtime.Tests.Store;

/// <summary>Runs one explicit test of this assembly in a process of its own, with a fail-point armed.</summary>
internal static class CrashProcess
{
    /// <summary>The exit code of a process that SIGKILL ended.</summary>
    public const int Killed = 128 + 9;

    private const string FolderVariable = "AGENTFLOW_TEST_CRASH_FOLDER";

    /// <summary>The folder that the parent gave this process.</summary>
    public static string Folder => Environment.GetEnvironmentVariable(FolderVariable) ?? throw new InvalidOperationException($"A crash test starts this with {FolderVariable}.");

    /// <summary>Runs the test until it ends or is killed.</summary>
    public static async Task<(int ExitCode, string Output)> RunAsync(Type testClass, string failPoint, string folder)
    {
        var cancel = TestContext.Current.CancellationToken;
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (string argument in (string[])["exec", testClass.Assembly.Location, "-class", testClass.FullName!, "-explicit", "only", "-noColor", "-noLogo"])
            start.ArgumentList.Add(argument);
        start.Environment[FailPoint.Variable] = failPoint;
        start.Environment[FolderVariable] = folder;
        start.Environment["AGENTFLOW_TEST_CHILD"] = "1";
        using var child = Process.Start(start)!;
        var output = child.StandardOutput.ReadToEndAsync(cancel);
        var errors = child.StandardError.ReadToEndAsync(cancel);
        await child.WaitForExitAsync(cancel);
        return (child.ExitCode, await output + await errors);
    }
}
