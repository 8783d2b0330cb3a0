using AgentFlow.Contracts;
using AgentFlow.Store;

namespace AgentFlow.Engine;

/// <summary>
/// Counts how often contracts were sent in a thread, for <c>[MaxHops]</c>. It reads the history, so that every member counts the same in the same order; and it
/// reads each position once as long as the thread stays loaded.
/// </summary>
internal sealed class HopCounter
{
    private const int Page = 100;
    private readonly Dictionary<ContractEntry, (long Position, int Count)> _counted = [];

    /// <summary>Whether the contract may be sent that often: counted up to and with a position, which never goes back.</summary>
    public async ValueTask<bool> IsWithinAsync(EngineServices engine, ThreadSession session, ContractEntry contract, HistoryRow upTo, CancellationToken cancellationToken)
    {
        if (contract.Descriptor.MaxHops is not { } most)
            return true;
        var (position, count) = _counted.GetValueOrDefault(contract);
        while (position < upTo.Position - 1 && count <= most)
        {
            var rows = await engine.Store.ReadHistoryAsync(session.Agent.Id, session.Thread, position, Page, cancellationToken).ConfigureAwait(false);
            if (rows.Count == 0)
                break;
            foreach (var row in rows.TakeWhile(row => row.Position < upTo.Position))
                (position, count) = (row.Position, count + CountIn(row, contract));
            if (rows[^1].Position >= upTo.Position)
                break;
        }

        if (position < upTo.Position)
            (position, count) = (upTo.Position, count + CountIn(upTo, contract));
        _counted[contract] = (position, count);
        return count <= most;
    }

    private static int CountIn(HistoryRow row, ContractEntry contract) => row.Record is null || row.Status is HistoryStatus.Rejected or HistoryStatus.Expired
        ? 0
        : OpenedFrame.Read(row.Record).Count(frame => frame.Header.Contract == contract.Id && frame.Header.Major == contract.Major);
}
