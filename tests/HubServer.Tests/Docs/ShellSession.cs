using System.Diagnostics;
using System.Runtime.InteropServices;

namespace AgentFlow.HubServer.Tests.Docs;

/// <summary>One shell in which commands are run one after the other, as somebody would type them. It ends at the first that fails.</summary>
internal sealed partial class ShellSession : IDisposable
{
    private const string Done = "documented-command-done";
    private const int KillSignal = 9;
    private readonly Process _shell;
    private readonly string _script;
    private readonly List<string> _output = [];

    /// <param name="directory">Where it starts.</param>
    /// <param name="folder">Where it may write.</param>
    /// <param name="environment">Variables.</param>
    public ShellSession(string directory, string folder, IReadOnlyDictionary<string, string> environment)
    {
        _script = Path.Combine(folder, "command.sh");
        // A group of its own, so that what it leaves behind ends with it.
        var start = new ProcessStartInfo("setsid", ["bash", "-euo", "pipefail"])
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, WorkingDirectory = directory,
        };
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        _shell = Process.Start(start)!;
    }

    /// <summary>Runs one, and returns what it printed.</summary>
    public async Task<string> RunAsync(string command)
    {
        await File.WriteAllTextAsync(_script, command, TestContext.Current.CancellationToken);
        _output.Clear();
        await _shell.StandardInput.WriteLineAsync($"source '{_script}' < /dev/null 2>&1; echo {Done}");
        await _shell.StandardInput.FlushAsync();
        while (await _shell.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken) is { } line)
        {
            if (line == Done)
                return string.Join('\n', _output);
            _output.Add(line);
        }

        throw new CommandFailedException($"This failed:\n{command}\nand printed:\n{string.Join('\n', _output)}");
    }

    public void Dispose()
    {
        _ = Kill(-_shell.Id, KillSignal);
        _shell.Dispose();
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int process, int signal);
}

/// <summary>A documented command did not end well.</summary>
internal sealed class CommandFailedException(string message) : Exception(message);
