namespace AgentFlow.Hub.Checks;

/// <summary>The logs of a store, for a check that runs beside the hubs that use it.</summary>
internal interface ILogSource : IAsyncDisposable
{
    /// <summary>The threads whose inboxes have acknowledged more than their head.</summary>
    ValueTask<IReadOnlySet<ThreadId>> AckedBeyondAsync(CancellationToken cancellationToken);

    /// <summary>A page of threads and their heads, in the order of their ids.</summary>
    ValueTask<IReadOnlyList<(ThreadId Thread, long Head)>> ThreadsAsync(ThreadId? after, int max, CancellationToken cancellationToken);

    /// <summary>Hands the next rows of a thread to its check, up to a position.</summary>
    /// <returns>Whether there was one.</returns>
    ValueTask<bool> RowsAsync(ThreadId thread, LogCheck check, long upTo, int max, CancellationToken cancellationToken);
}
