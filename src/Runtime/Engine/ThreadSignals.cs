using System.Collections.Concurrent;

namespace AgentFlow.Engine;

/// <summary>Wakes those who wait for a change of a thread. A thread that nobody waits for costs nothing.</summary>
/// <param name="clock">The clock of looking again.</param>
/// <param name="lookAgain">After what time those who wait look again without a change here: another process may have made one. Null where there is none.</param>
internal sealed class ThreadSignals(TimeProvider clock, TimeSpan? lookAgain)
{
    private readonly ConcurrentDictionary<ThreadId, Waiters> _waiters = new();

    /// <summary>Tells that something of a thread was committed.</summary>
    public void Changed(ThreadId thread)
    {
        if (_waiters.TryGetValue(thread, out var waiters))
            waiters.Pulse();
    }

    /// <summary>Begins to listen. Look at the thread after this call, then await <see cref="Listener.NextAsync"/>: no change is missed in between.</summary>
    public Listener Listen(ThreadId thread)
    {
        while (true)
        {
            var waiters = _waiters.GetOrAdd(thread, static _ => new Waiters());
            lock (waiters)
            {
                if (_waiters.TryGetValue(thread, out var current) && ReferenceEquals(current, waiters))
                {
                    waiters.Count++;
                    return new Listener(this, thread, waiters);
                }
            }
        }
    }

    private async ValueTask WaitAsync(Task next, CancellationToken cancellationToken)
    {
        if (lookAgain is not { } pause)
        {
            await next.WaitAsync(cancellationToken).ConfigureAwait(false);
            return;
        }

        try
        {
            await next.WaitAsync(pause, clock, cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            // It is time to look.
        }
    }

    private void Leave(ThreadId thread, Waiters waiters)
    {
        lock (waiters)
        {
            if (--waiters.Count == 0)
                _waiters.TryRemove(KeyValuePair.Create(thread, waiters));
        }
    }

    internal sealed class Waiters
    {
        private TaskCompletionSource _next = NewSource();

        public int Count { get; set; }

        public Task Next
        {
            get
            {
                lock (this)
                    return _next.Task;
            }
        }

        public void Pulse()
        {
            TaskCompletionSource pulsed;
            lock (this)
                (pulsed, _next) = (_next, NewSource());
            pulsed.SetResult();
        }

        private static TaskCompletionSource NewSource() => new(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    internal sealed class Listener(ThreadSignals owner, ThreadId thread, Waiters waiters) : IDisposable
    {
        private Task _next = waiters.Next;

        /// <summary>Waits for a change since the last call, or since the listener was made, or until it is time to look again.</summary>
        public async ValueTask NextAsync(CancellationToken cancellationToken)
        {
            await owner.WaitAsync(_next, cancellationToken).ConfigureAwait(false);
            _next = waiters.Next;
        }

        public void Dispose() => owner.Leave(thread, waiters);
    }
}
