using AgentFlow.Hub.Stores;
using AgentFlow.Protocol.Hub;

namespace AgentFlow.Hub.Memory;

/// <summary>The reads of logs and inboxes, and the sweep.</summary>
internal static class MemoryReads
{
    public static ThreadPage Page(MemoryData data, ThreadId id, long after, int maxCount, int maxBytes, long now)
    {
        if (!data.TryFind(id, out var thread))
            return new ThreadPage(HubStatus.NotFound, 0, 0, []);
        var envelopes = new List<StoredEnvelope>();
        long bytes = 0;
        for (int i = (int)Math.Min(Math.Max(0, after), thread.Log.Count); i < thread.Log.Count && envelopes.Count < maxCount; i++)
        {
            var entry = thread.Log[i];
            if (envelopes.Count > 0 && bytes + entry.Body.Length > maxBytes)
                break;
            bytes += entry.Body.Length;
            bool isHidden = entry.IsHidden(thread.First, now);
            byte[] shown = isHidden && !entry.IsRemoved ? Rest(entry) : entry.Body;
            envelopes.Add(new StoredEnvelope(entry.Position, entry.Append.MessageId, shown, isHidden));
        }

        return new ThreadPage(HubStatus.Ok, thread.First, thread.Head, envelopes);
    }

    public static InboxPage Inbox(MemoryData data, AgentId agent, bool unreadOnly, InboxCursor cursor, int maxCount)
    {
        if (!data.Inboxes.TryGetValue(agent, out var rows))
            return new InboxPage([], null);
        var unread = rows.Values.Where(r => r.IsUnread && cursor.IsUnread).Where(r => IsAfter(r, cursor))
            .OrderByDescending(r => r.Priority).ThenBy(r => r.Touched).ThenBy(r => r.Thread.Number);
        var read = rows.Values.Where(r => !r.IsUnread && !unreadOnly).Where(r => cursor.IsUnread || r.Thread.Number > cursor.Number)
            .OrderBy(r => r.Thread.Number);
        var page = unread.Concat(read).Take(maxCount).ToList();
        string? next = page.Count == maxCount
            ? new InboxCursor(page[^1].IsUnread, page[^1].Priority, page[^1].Touched, page[^1].Thread.Number).ToString()
            : null;
        return new InboxPage([.. page.Select(Entry)], next);
    }

    public static InboxEntry Entry(MemoryInboxRow row) => new(row.Thread.Id, row.Head, row.Acked);

    public static SweepResult Sweep(MemoryData data, SweepBudget budget, long now)
    {
        int bodies = 0;
        foreach (var entry in data.Threads.Values.SelectMany(t => t.Log.Where(e => !e.IsRemoved && e.IsHidden(t.First, now))).Take(budget.MaxRows).ToList())
        {
            entry.Body = Rest(entry);
            entry.IsRemoved = true;
            bodies++;
        }

        int states = 0;
        foreach (var (key, state) in data.States.Where(s => s.Value.Expiry <= now).Take(budget.MaxRows - bodies).ToList())
        {
            if (state.Value is null)
                data.States.Remove(key);
            else
                data.States[key] = new MemoryState(null, state.Version + 1, now + (long)budget.TombstoneAge.TotalMilliseconds);
            states++;
        }

        return new SweepResult(bodies, states, bodies + states >= budget.MaxRows);
    }

    private static byte[] Rest(MemoryEntry entry) => HiddenBody.Of(entry.Body, entry.Append.KeepHead, entry.Append.KeepTail);

    private static bool IsAfter(MemoryInboxRow row, InboxCursor cursor) =>
        row.Priority < cursor.Priority
        || (row.Priority == cursor.Priority && (row.Touched > cursor.Touched || (row.Touched == cursor.Touched && row.Thread.Number > cursor.Number)));
}
