using AgentFlow.Protocol.Threads;

namespace AgentFlow.Hub.Threads;

/// <summary>
/// The one place where envelopes of a thread are checked, one after the other. Commits are not awaited here: the next envelope is checked against the state
/// that the one before it will leave, so that a busy thread fills whole group commits. If a commit fails, the state is dropped and read again.
/// </summary>
internal sealed class ThreadDesk
{
    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly Lock _gate = new();
    private PublicThread? _state;
    private TaskCompletionSource? _settled;
    private int _pending;

    public PublicThread? State
    {
        get
        {
            lock (_gate)
                return _state;
        }

        set
        {
            lock (_gate)
                _state = value;
        }
    }

    public Task EnterAsync(CancellationToken cancellationToken) => _turn.WaitAsync(cancellationToken);

    public void Leave() => _turn.Release();

    /// <summary>A commit that moves the state on was handed to the store.</summary>
    public void Begin()
    {
        lock (_gate)
            _pending++;
    }

    /// <summary>That commit has ended.</summary>
    /// <param name="state">The state that it moved on.</param>
    /// <param name="isBroken">Whether the state now claims what the log does not hold.</param>
    public void End(PublicThread state, bool isBroken)
    {
        lock (_gate)
        {
            if (isBroken && ReferenceEquals(_state, state))
                _state = null;
            if (--_pending > 0)
                return;
            _settled?.SetResult();
            _settled = null;
        }
    }

    /// <summary>Waits until no commit is under way. Call it in one's turn, so that none begins.</summary>
    public Task SettledAsync()
    {
        lock (_gate)
        {
            if (_pending == 0)
                return Task.CompletedTask;
            _settled ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return _settled.Task;
        }
    }
}
