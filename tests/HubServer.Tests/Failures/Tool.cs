using System.Diagnostics;

namespace AgentFlow.HubServer.Tests.Failures;

/// <summary>A program of the system.</summary>
internal static class Tool
{
    public static async Task RunAsync(string program, params string[] arguments)
    {
        var (exitCode, errors) = await StartAsync(program, arguments);
        Assert.True(exitCode == 0, $"{program} {string.Join(' ', arguments)}: {errors}");
    }

    /// <summary>Whether it is there and ended well.</summary>
    public static async Task<bool> TryAsync(string program, params string[] arguments)
    {
        try
        {
            return (await StartAsync(program, arguments)).ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }

    private static async Task<(int ExitCode, string Errors)> StartAsync(string program, string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true, RedirectStandardOutput = true })!;
        var errors = process.StandardError.ReadToEndAsync();
        await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, await errors);
    }
}
