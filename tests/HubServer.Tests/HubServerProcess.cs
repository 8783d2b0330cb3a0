using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text.RegularExpressions;

namespace AgentFlow.HubServer.Tests;

/// <summary>A process of <c>agentflow-hub</c>.</summary>
internal sealed partial class HubServerProcess : IDisposable
{
    /// <summary>Asks a process to stop.</summary>
    public const int Terminate = 15;

    /// <summary>Freezes a process, and lets it go on.</summary>
    public const int Freeze = 19, Continue = 18;

    private readonly Process _process;
    private readonly Task<string> _errors;

    private HubServerProcess(Process process)
    {
        _process = process;
        _errors = process.StandardError.ReadToEndAsync();
    }

    /// <summary>Where it listens.</summary>
    public Uri Address { get; private set; } = null!;

    /// <summary>Where it answers health checks, if a flag says so.</summary>
    public Uri Health => new(HealthAddress().Match(Line).Groups[1].Value);

    /// <summary>The line that it printed once it listened.</summary>
    public string Line { get; private set; } = "";

    /// <summary>Its resident memory in bytes.</summary>
    public long ResidentBytes
    {
        get
        {
            _process.Refresh();
            return _process.WorkingSet64;
        }
    }

    public static Task<HubServerProcess> StartAsync(IReadOnlyDictionary<string, string>? environment, params string[] flags) =>
        StartAtAsync(new Uri("http://127.0.0.1:0"), environment, [], flags);

    /// <summary>Starts one at an address, through a program that starts another one.</summary>
    public static async Task<HubServerProcess> StartAtAsync(
        Uri address, IReadOnlyDictionary<string, string>? environment, string[] through, params string[] flags)
    {
        var server = Start(environment, through, [.. flags, "--urls", address.GetLeftPart(UriPartial.Authority)]);
        string? line = await server._process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken);
        server.Line = line ?? throw new InvalidOperationException(await server._errors);
        server.Address = new Uri(server.Line.Split(' ')[3].TrimEnd(','));
        return server;
    }

    /// <summary>Runs one to its end.</summary>
    public static async Task<(int ExitCode, string Output, string Errors)> RunAsync(IReadOnlyDictionary<string, string>? environment, params string[] flags)
    {
        using var server = Start(environment, [], flags);
        string output = await server._process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await server._process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (server._process.ExitCode, output, await server._errors);
    }

    /// <summary>Sends a signal.</summary>
    public void Signal(int signal) => Assert.Equal(0, Kill(_process.Id, signal));

    /// <summary>Waits for its end, and gives its exit code.</summary>
    public async Task<int> EndAsync()
    {
        await _process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return _process.ExitCode;
    }

    /// <summary>Asks it to stop, as a service manager does, and gives its exit code.</summary>
    public Task<int> StopAsync()
    {
        Signal(Terminate);
        return EndAsync();
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

    private static HubServerProcess Start(IReadOnlyDictionary<string, string>? environment, string[] through, IEnumerable<string> flags)
    {
        string[] command = [.. through, "dotnet", Path.Combine(AppContext.BaseDirectory, "agentflow-hub.dll"), .. flags];
        var start = new ProcessStartInfo(command[0]) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (string word in command[1..])
            start.ArgumentList.Add(word);
        string[] prefixes = ["AGENTFLOW_HUB_", "OTEL_"];
        foreach (string name in start.Environment.Keys.Where(name => prefixes.Any(prefix => name.StartsWith(prefix, StringComparison.Ordinal))).ToList())
            start.Environment.Remove(name);
        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
            start.Environment[name] = value;
        return new HubServerProcess(Process.Start(start)!);
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int process, int signal);

    [GeneratedRegex("health on ([^,]+),")]
    private static partial Regex HealthAddress();
}
