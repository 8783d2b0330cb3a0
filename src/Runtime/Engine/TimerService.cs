using AgentFlow.Diagnostics;
using AgentFlow.Storage;
using AgentFlow.Store;
using Microsoft.Extensions.Logging;

namespace AgentFlow.Engine;

/// <summary>
/// Fires the durable timers of all threads, also those that came due while the process was down. A timer stands until the commit that its firing leads to
/// removes it.
/// </summary>
internal sealed class TimerService(IAgentStore store, TimeProvider clock, TimeSpan longestWait, Func<ThreadKey, WorkItem, bool> post, ILogger logger)
{
    private const int Page = 500;
    private static readonly TimeSpan s_pauseAfterFailure = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_lookAgain = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_jump = TimeSpan.FromMilliseconds(100);
    private readonly SemaphoreSlim _changed = new(0, 1);
    private readonly HashSet<TimerId> _inFlight = [];

    /// <summary>Looks at the timers again: one was added or removed.</summary>
    public void Changed()
    {
        lock (_inFlight)
        {
            if (_changed.CurrentCount == 0)
                _changed.Release();
        }
    }

    /// <summary>Tells that a fired timer was worked on; if it stands still, it fires again.</summary>
    public void Done(TimerRow timer)
    {
        lock (_inFlight)
            _inFlight.Remove(TimerId.Of(timer));
        Changed();
    }

    /// <summary>Whether a timer that was listed is still to be fired.</summary>
    public async ValueTask<bool> StandsAsync(TimerRow timer, CancellationToken cancellationToken) =>
        await store.FindTimerAsync(timer.Agent, timer.Thread, timer.Kind, timer.Key, cancellationToken).ConfigureAwait(false) is { } standing
        && standing.Due == timer.Due;

    public async Task RunAsync(CancellationToken stopping)
    {
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                var fired = clock.GetUtcNow();
                await FireAsync(fired, stopping).ConfigureAwait(false);
                await WaitAsync(fired, stopping).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                Log.TimersFailed(logger, exception.GetType().Name, s_pauseAfterFailure);
                await Task.Delay(s_pauseAfterFailure, clock, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async ValueTask FireAsync(DateTimeOffset now, CancellationToken stopping)
    {
        int size = Page;
        while (true)
        {
            var due = await store.ListDueTimersAsync(now, size, stopping).ConfigureAwait(false);
            foreach (var timer in due)
            {
                lock (_inFlight)
                {
                    if (!_inFlight.Add(TimerId.Of(timer)))
                        continue;
                }

                FailPoint.Hit(FailPoints.TimerFired);
                post(new ThreadKey(timer.Agent, timer.Thread), new WorkItem.Due(timer));
            }

            if (due.Count < size)
                return;
            size += Page;
        }
    }

    /// <summary>Waits for the next timer.</summary>
    private async ValueTask WaitAsync(DateTimeOffset fired, CancellationToken stopping)
    {
        var next = await store.FindNextDueAsync(stopping).ConfigureAwait(false);
        var now = clock.GetUtcNow();

        // While one that was fired is still worked on it hides the next one behind it, so that one is looked for every second.
        var pause = next is not { } due ? longestWait : due > fired ? due - now : s_lookAgain;
        if (pause <= TimeSpan.Zero)
            return;
        using var woken = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        var wait = _changed.WaitAsync(woken.Token);
        var delay = Task.Delay(pause < longestWait ? pause : longestWait, clock, woken.Token);

        // A clock that jumped while the delay was made is looked at again, so that no timer waits for a second jump.
        if (clock.GetUtcNow() - now < s_jump)
            await Task.WhenAny(wait, delay).ConfigureAwait(false);
        await woken.CancelAsync().ConfigureAwait(false);
        await ((Task)wait).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        stopping.ThrowIfCancellationRequested();
    }

    private readonly record struct TimerId(AgentId Agent, ThreadId Thread, int Kind, string Key)
    {
        public static TimerId Of(TimerRow timer) => new(timer.Agent, timer.Thread, timer.Kind, Convert.ToHexString(timer.Key.Span));
    }
}
