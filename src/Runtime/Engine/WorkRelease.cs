namespace AgentFlow.Engine;

/// <summary>Gives back what an item of work holds.</summary>
internal static class WorkRelease
{
    public static void Release(this WorkItem item, EngineServices engine, bool isDone)
    {
        switch (item)
        {
            case WorkItem.Deliver deliver:
                deliver.Credit?.Dispose();
                break;
            case WorkItem.Due { IsGone: false } due:
                engine.Timers.Done(due.Timer);
                break;
            case WorkItem.Call call when isDone:
                call.Done.TrySetResult();
                break;
            case WorkItem.Call call:
                call.Done.TrySetCanceled(engine.Stopping);
                break;
        }
    }
}
