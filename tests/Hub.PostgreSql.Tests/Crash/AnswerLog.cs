using System.Text;

namespace AgentFlow.Hub.PostgreSql.Tests.Crash;

/// <summary>The answers that senders got, a line each. Somebody can wait until there are so many.</summary>
internal sealed class AnswerLog : TextWriter
{
    private readonly Lock _gate = new();
    private readonly List<string> _lines = [];
    private (int Count, TaskCompletionSource Reached)? _awaited;

    public override Encoding Encoding => Encoding.UTF8;

    public IReadOnlyList<string> Lines
    {
        get
        {
            lock (_gate)
                return [.. _lines];
        }
    }

    public override void WriteLine(string? value)
    {
        lock (_gate)
        {
            _lines.Add(value!);
            if (_awaited is { } awaited && _lines.Count >= awaited.Count)
                awaited.Reached.TrySetResult();
        }
    }

    public Task UntilAsync(int count)
    {
        var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            _awaited = (count, reached);
            if (_lines.Count >= count)
                reached.TrySetResult();
        }

        return reached.Task.WaitAsync(TestContext.Current.CancellationToken);
    }
}
