namespace AgentFlow.Engine;

/// <summary>Runs calls of the front door inside the order of a thread.</summary>
internal static class ProcessorCalls
{
    public static async ValueTask RunAsync(
        EngineServices engine, ThreadKey key, Func<ThreadProcessor, CancellationToken, ValueTask> action, CancellationToken cancellationToken)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        if (!engine.Processors.Post(key, new WorkItem.Call(action, done, cancellationToken)))
            throw new InvalidOperationException("The runtime has stopped. Call it while the host runs.");
        await done.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
    }
}
