using AgentFlow.Hub.Wakes;

namespace AgentFlow.Hub.CrashHost;

/// <summary>
/// Signs that a store answers again: somebody got an answer, or its connection that listens stands again. A sender takes the next sign before it tries, so
/// that none is missed in between.
/// </summary>
internal sealed class Recovery
{
    private TaskCompletionSource _next = NewSign();

    public Recovery(IWakeSource wakes) => wakes.Subscribe(hint =>
    {
        if (hint.Kind == WakeKind.Everything)
            Show();
    });

    /// <summary>The next sign.</summary>
    public Task Next => Volatile.Read(ref _next).Task;

    /// <summary>Shows the sign to everybody who waits.</summary>
    public void Show() => Interlocked.Exchange(ref _next, NewSign()).TrySetResult();

    private static TaskCompletionSource NewSign() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
