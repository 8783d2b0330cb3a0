using System.Diagnostics;
using System.Globalization;
using AgentFlow.Hub.PostgreSql.Tests.Server;
using AgentFlow.Storage;

namespace AgentFlow.PostgreSql.Tests.Shared;

/// <summary>A <see cref="ChainChild"/> that runs, with the lines that it prints.</summary>
internal sealed class ChainProcess : IDisposable
{
    private readonly Process _process;
    private readonly List<string> _lines = [];
    private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _enough = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Task _reading;

    private ChainProcess(Process process, int effects)
    {
        _process = process;
        _reading = Task.WhenAll(ReadAsync(process.StandardOutput, effects), ReadAsync(process.StandardError, effects));
    }

    /// <summary>Ends when it has seen all runs to their end.</summary>
    public Task Done => _done.Task;

    /// <summary>Ends when it has had the effects that it was to have, or has ended.</summary>
    public Task Enough => _enough.Task;

    public string Output
    {
        get
        {
            lock (_lines)
                return string.Join('\n', _lines);
        }
    }

    public static ChainProcess Start(SharedPlace place, string name, int runs, int effects = int.MaxValue, string? failPoint = null)
    {
        string self = typeof(ChainChild).Assembly.Location;
        var start = new ProcessStartInfo("dotnet", ["exec", self, "-class", typeof(ChainChild).FullName!, "-explicit", "only", "-noLogo", "-noColor"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment[ChainChild.FolderVariable] = place.Folder;
        start.Environment[ChainChild.NameVariable] = name;
        start.Environment[ChainChild.RunsVariable] = runs.ToString(CultureInfo.InvariantCulture);
        start.Environment[TestServer.ChildVariable] = "1";
        start.Environment[FailPoint.Variable] = failPoint ?? "";
        return new ChainProcess(Process.Start(start)!, effects);
    }

    public void Kill() => _process.Kill();

    /// <summary>Sends STOP or CONT.</summary>
    public async Task SignalAsync(string signal)
    {
        using var kill = Process.Start("kill", ["-" + signal, _process.Id.ToString(CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(0, kill.ExitCode);
    }

    public async Task<int> ExitAsync()
    {
        await _process.WaitForExitAsync(TestContext.Current.CancellationToken);
        await _reading;
        return _process.ExitCode;
    }

    public void Dispose()
    {
        if (!_process.HasExited)
            _process.Kill();
        _process.Dispose();
    }

    private async Task ReadAsync(StreamReader reader, int effects)
    {
        while (await reader.ReadLineAsync() is { } line)
        {
            lock (_lines)
                _lines.Add(line);
            if (line == "all done")
                _done.TrySetResult();
            if (line.StartsWith("effect ", StringComparison.Ordinal) && int.Parse(line.AsSpan(7), CultureInfo.InvariantCulture) >= effects)
                _enough.TrySetResult();
        }

        _done.TrySetException(new InvalidOperationException($"It ended before it was done:\n{Output}"));
        _enough.TrySetResult();
    }
}
