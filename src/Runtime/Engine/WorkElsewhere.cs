namespace AgentFlow.Engine;

/// <summary>What becomes of an item of work on a thread that another process has: mostly that process does it, because it has got the same.</summary>
internal static class WorkElsewhere
{
    private static readonly TimeSpan s_callPause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan s_shortestPause = TimeSpan.FromMilliseconds(50);

    /// <summary>Lets an item go, or wait until the other's lease could have run out.</summary>
    /// <returns>What is to be tried again, and when; null where nothing is left to do here.</returns>
    public static async ValueTask<(WorkItem Item, TimeSpan Pause)?> LeaveAsync(
        EngineServices engine, ThreadKey key, WorkItem item, TimeSpan heldFor, WaitingDelivery waiting)
    {
        if (item is WorkItem.Call { CancellationToken.IsCancellationRequested: true } cancelled)
        {
            cancelled.Done.TrySetCanceled(cancelled.CancellationToken);
            return null;
        }

        if (item is WorkItem.Wake || await IsDoneAsync(engine, key, item).ConfigureAwait(false))
        {
            item.Release(engine, isDone: false);
            return null;
        }

        var pause = heldFor > s_shortestPause ? heldFor : s_shortestPause;
        return item switch
        {
            WorkItem.Deliver deliver => (waiting.Keep(deliver), pause),
            WorkItem.Call => (item, pause < s_callPause ? pause : s_callPause),
            _ => (item, pause),
        };
    }

    private static async ValueTask<bool> IsDoneAsync(EngineServices engine, ThreadKey key, WorkItem item)
    {
        switch (item)
        {
            case WorkItem.Deliver deliver:
                var row = await engine.Store.FindThreadAsync(key.Agent, key.Thread, engine.Stopping).ConfigureAwait(false);
                return row is not null && (row.IsDestroyed || row.Dispatched.Position > deliver.Envelope.Position);
            case WorkItem.Due due:
                return !await engine.Timers.StandsAsync(due.Timer, engine.Stopping).ConfigureAwait(false);
            default:
                return false;
        }
    }
}
