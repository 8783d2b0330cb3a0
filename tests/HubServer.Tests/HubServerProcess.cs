using System.Diagnostics;
using System.Runtime.InteropServices;

namespace AgentFlow.HubServer.Tests;

/// <summary>A process of <c>agentflow-hub</c>.</summary>
internal sealed partial class HubServerProcess : IDisposable
{
    private const int Terminate = 15;
    private readonly Process _process;
    private readonly Task<string> _errors;

    private HubServerProcess(Process process)
    {
        _process = process;
        _errors = process.StandardError.ReadToEndAsync();
    }

    /// <summary>Where it listens.</summary>
    public Uri Address { get; private set; } = null!;

    /// <summary>The line that it printed once it listened.</summary>
    public string Line { get; private set; } = "";

    public static async Task<HubServerProcess> StartAsync(IReadOnlyDictionary<string, string>? environment, params string[] flags)
    {
        var server = Start(environment, [.. flags, "--urls", "http://127.0.0.1:0"]);
        server.Line = await server._process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken) ?? throw new InvalidOperationException(await server._errors);
        server.Address = new Uri(server.Line.Split(' ')[3].TrimEnd(','));
        return server;
    }

    /// <summary>The memory of the process that is in RAM.</summary>
    public long ResidentBytes
    {
        get
        {
            _process.Refresh();
            return _process.WorkingSet64;
        }
    }

    /// <summary>Runs one that is not expected to listen.</summary>
    public static async Task<(int ExitCode, string Errors)> FailAsync(params string[] flags)
    {
        using var server = Start(null, flags);
        await server._process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (server._process.ExitCode, await server._errors);
    }

    /// <summary>Asks it to stop, as a service manager does, and gives its exit code.</summary>
    public async Task<int> StopAsync()
    {
        Assert.Equal(0, Kill(_process.Id, Terminate));
        await _process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return _process.ExitCode;
    }

    public void KillNow()
    {
        _process.Kill();
        _process.WaitForExit();
    }

    public void Dispose()
    {
        if (!_process.HasExited)
            _process.Kill();
        _process.Dispose();
    }

    private static HubServerProcess Start(IReadOnlyDictionary<string, string>? environment, IEnumerable<string> flags)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true };
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "agentflow-hub.dll"));
        foreach (string flag in flags)
            start.ArgumentList.Add(flag);
        start.Environment.Remove(Settings.HubSettings.ConnectionVariable);
        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
            start.Environment[name] = value;
        return new HubServerProcess(Process.Start(start)!);
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int process, int signal);
}
