using AgentFlow.Protocol.Hub;

namespace AgentFlow.Host.Services;

/// <summary>How many envelopes the caller still takes. One taker, one giver.</summary>
internal sealed class Credit(int first)
{
    private readonly Lock _gate = new();
    private TaskCompletionSource? _changed;
    private int _left = first;
    private bool _isComplete;

    /// <summary>Adds credit; false where it is less than 1 or more than may stand unused.</summary>
    public bool TryAdd(int credit)
    {
        lock (_gate)
        {
            if (credit < 1 || credit > HubArguments.MaxCredit - _left)
                return false;
            _left += credit;
        }

        Wake();
        return true;
    }

    /// <summary>No more is coming.</summary>
    public void Complete()
    {
        lock (_gate)
            _isComplete = true;
        Wake();
    }

    /// <summary>Takes one, waiting for it; false where none is left and none is coming.</summary>
    public async ValueTask<bool> TakeAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            Task changed;
            lock (_gate)
            {
                if (_left > 0)
                {
                    _left--;
                    return true;
                }

                if (_isComplete)
                    return false;
                _changed ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                changed = _changed.Task;
            }

            await changed.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    private void Wake()
    {
        TaskCompletionSource? changed;
        lock (_gate)
            (changed, _changed) = (_changed, null);
        changed?.SetResult();
    }
}
