using AgentFlow.Protocol.Frames;
using AgentFlow.Store;

namespace AgentFlow.Engine;

/// <summary>Knows which envelopes this code cannot read: any of them might hold a withdrawal, so no request before it is acted on.</summary>
internal static class UnreadableEnvelopes
{
    private const int Page = 100;

    public static bool IsReadable(EngineServices engine, OpenedFrame frame) =>
        BuiltInContracts.IsBuiltIn(frame.Header.Contract) || engine.Catalogue.TryFindDecoder(frame.Key, out _);

    /// <summary>Newer code reads a position that kept requests waiting: they go by the next one that it cannot read.</summary>
    public static async ValueTask ReadAgainAsync(EngineServices engine, ThreadSession session, long position)
    {
        var waiting = session.Approvals.Values.Where(file => file.FirstUnreadable == position && file.Verdict == ApprovalVerdict.None).ToList();
        if (waiting.Count == 0)
            return;
        long next = await NextAsync(engine, session, position).ConfigureAwait(false);
        foreach (var file in waiting)
            session.PutApproval(file with { FirstUnreadable = next }, ApprovalState.Pending, ApprovalState.Pending);
        session.HasApprovalNews = true;
    }

    private static async ValueTask<long> NextAsync(EngineServices engine, ThreadSession session, long after)
    {
        while (true)
        {
            var rows = await engine.Store.ReadHistoryAsync(session.Agent.Id, session.Thread, after, Page, engine.Stopping).ConfigureAwait(false);
            foreach (var row in rows)
            {
                if (row.Status is HistoryStatus.Rejected or HistoryStatus.Expired || row.Record is { } record && !OpenedFrame.Read(record).All(frame => IsReadable(engine, frame)))
                    return row.Position;
                after = row.Position;
            }

            if (rows.Count < Page)
                return 0;
        }
    }
}
