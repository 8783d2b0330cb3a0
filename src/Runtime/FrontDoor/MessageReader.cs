using AgentFlow.Contracts;
using AgentFlow.Engine;
using AgentFlow.Protocol.Frames;
using AgentFlow.Store;

namespace AgentFlow.FrontDoor;

/// <summary>Reads the messages of a thread from the history of the local member that has come farthest.</summary>
internal sealed class MessageReader(EngineServices engine)
{
    private const int Page = 100;

    public async ValueTask<IReadOnlyList<ThreadMessage>> ReadAsync(ThreadId thread, CancellationToken cancellationToken)
    {
        ThreadRow? farthest = null;
        foreach (var agent in engine.Agents.Keys)
        {
            var row = await engine.Store.FindThreadAsync(agent, thread, cancellationToken).ConfigureAwait(false);
            if (row is { IsDestroyed: false } && (farthest is null || row.Received > farthest.Received))
                farthest = row;
        }

        var messages = new List<ThreadMessage>();
        long after = 0;
        while (farthest is not null)
        {
            var rows = await engine.Store.ReadHistoryAsync(farthest.Agent, thread, after, Page, cancellationToken).ConfigureAwait(false);
            foreach (var row in rows)
                Add(messages, row);
            if (rows.Count < Page)
                break;
            after = rows[^1].Position;
        }

        return messages;
    }

    private void Add(List<ThreadMessage> messages, HistoryRow row)
    {
        if (row.Record is not { } record || row.Status is HistoryStatus.Rejected or HistoryStatus.Expired)
            return;
        foreach (var frame in OpenedFrame.Read(record))
        {
            if (BuiltInContracts.IsBuiltIn(frame.Header.Contract))
                continue;
            object? message = engine.Catalogue.TryFindDecoder(frame.Key, out var decoder) ? decoder.Read(frame.View.Payload) : null;
            messages.Add(new ThreadMessage(
                row.Position, frame.Index, record.Sender, engine.NameOf(record.Sender), ClaimedTime.Of(MemberSession.TimeOf(record)),
                engine.ContractName(frame.Header.Contract, frame.Header.Major), message));
        }
    }
}
