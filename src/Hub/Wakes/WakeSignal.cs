namespace AgentFlow.Hub.Wakes;

/// <summary>Remembers that something happened until somebody has looked. One waiter; any thread may set it.</summary>
internal sealed class WakeSignal(TimeProvider time)
{
    private readonly Lock _gate = new();
    private TaskCompletionSource _set = New();

    public void Set()
    {
        lock (_gate)
            _set.TrySetResult();
    }

    /// <summary>Forgets what happened so far. Call it before looking, never after.</summary>
    public void Reset()
    {
        lock (_gate)
        {
            if (_set.Task.IsCompleted)
                _set = New();
        }
    }

    /// <summary>Waits until it is set since the last reset, or for a time span.</summary>
    /// <returns>Whether it was set.</returns>
    public async Task<bool> WaitAsync(TimeSpan timeout, CancellationToken cancellationToken)
    {
        Task set;
        lock (_gate)
            set = _set.Task;
        if (set.IsCompleted)
            return true;
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var delay = Task.Delay(timeout, time, stop.Token);
        var first = await Task.WhenAny(set, delay).ConfigureAwait(false);
        await stop.CancelAsync().ConfigureAwait(false);
        cancellationToken.ThrowIfCancellationRequested();
        return first == set;
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
