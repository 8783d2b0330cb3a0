using AgentFlow.Contracts;
using AgentFlow.Store;

namespace AgentFlow.Engine;

/// <summary>Counts how often a contract was sent in a thread, for <c>[MaxHops]</c>. It reads the history, so that every member counts the same in the same order.</summary>
internal static class HopCounter
{
    private const int Page = 100;

    /// <summary>Whether the contract may be sent that often: counted up to and with a position.</summary>
    public static async ValueTask<bool> IsWithinAsync(EngineServices engine, ThreadSession session, ContractEntry contract, long upTo, CancellationToken cancellationToken)
    {
        if (contract.Descriptor.MaxHops is not { } most)
            return true;
        int count = 0;
        long after = 0;
        while (true)
        {
            var rows = await engine.Store.ReadHistoryAsync(session.Agent.Id, session.Thread, after, Page, cancellationToken).ConfigureAwait(false);
            foreach (var row in rows.Where(row => row.Position <= upTo && row.Record is not null && row.Status is not (HistoryStatus.Rejected or HistoryStatus.Expired)))
                count += OpenedFrame.Read(row.Record!).Count(frame => frame.Header.Contract == contract.Id && frame.Header.Major == contract.Major);
            if (count > most || rows.Count < Page || rows[^1].Position >= upTo)
                return count <= most;
            after = rows[^1].Position;
        }
    }
}
