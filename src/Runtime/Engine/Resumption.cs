using AgentFlow.Store;

namespace AgentFlow.Engine;

/// <summary>
/// Takes up at the start what was left: envelopes that were sealed and perhaps not sent, decisions whose continuation has not run, and parked threads, for
/// which newer
/// code may run now. Frames that were received and not handled come again from the hub, because they were not acknowledged; timers stand in the store.
/// </summary>
internal static class Resumption
{
    private const int Page = 500;

    public static async ValueTask ResumeAsync(EngineServices engine, CancellationToken cancellationToken)
    {
        foreach (var (agent, thread) in await engine.Store.ListOutboxThreadsAsync(cancellationToken).ConfigureAwait(false))
        {
            if (engine.Leases.IsShared)
            {
                // Only who has the thread sends; loading it brings its outbox along.
                Wake(engine, agent, thread);
                continue;
            }

            var rows = await engine.Store.ReadOutboxAsync(agent, thread, int.MaxValue, cancellationToken).ConfigureAwait(false);
            if (engine.Agents.ContainsKey(agent))
                engine.Outbox.Send(new ThreadKey(agent, thread), rows);
        }

        var decided = new ApprovalQuery(State: ApprovalState.Decided, MaxCount: int.MaxValue);
        foreach (var row in await engine.Store.ListApprovalsAsync(decided, cancellationToken).ConfigureAwait(false))
            Wake(engine, row.Agent, row.Thread);

        ThreadRow? after = null;
        do
        {
            var query = new ThreadQuery { Outcome = ThreadOutcome.Parked, After = after, MaxCount = Page };
            var parked = await engine.Store.ListThreadsAsync(query, cancellationToken).ConfigureAwait(false);
            foreach (var row in parked)
                Wake(engine, row.Agent, row.Thread);
            after = parked.Count == Page ? parked[^1] : null;
        }
        while (after is not null);
    }

    private static void Wake(EngineServices engine, AgentId agent, ThreadId thread)
    {
        if (engine.Agents.ContainsKey(agent))
            engine.Processors.Post(new ThreadKey(agent, thread), WorkItem.Wake.Instance);
    }
}
