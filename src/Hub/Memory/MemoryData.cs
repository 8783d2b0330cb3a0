using System.Diagnostics.CodeAnalysis;
using AgentFlow.Hub.Stores;

namespace AgentFlow.Hub.Memory;

/// <summary>All data of a memory store, and the steps that undo the commit that runs. Guarded by the store's lock.</summary>
internal sealed class MemoryData
{
    private readonly List<Action> _undo = [];

    public Dictionary<ThreadId, MemoryThread> Threads { get; } = [];

    public Dictionary<AgentId, Dictionary<ThreadId, MemoryInboxRow>> Inboxes { get; } = [];

    public Dictionary<StateKey, MemoryState> States { get; } = [];

    public Dictionary<Bytes32, byte[]> Blobs { get; } = [];

    /// <summary>Every envelope in the order of arrival.</summary>
    public List<(MemoryThread Thread, long Position)> Arrivals { get; } = [];

    /// <summary>Up to where the members were told, as a count of <see cref="Arrivals"/>.</summary>
    public int FannedOut { get; set; }

    public bool TryFind(ThreadId id, [NotNullWhen(true)] out MemoryThread? thread) => Threads.TryGetValue(id, out thread);

    public MemoryInboxRow? FindRow(AgentId agent, ThreadId thread) =>
        Inboxes.TryGetValue(agent, out var rows) && rows.TryGetValue(thread, out var row) ? row : null;

    public MemoryInboxRow Row(AgentId agent, MemoryThread thread, long now)
    {
        if (!Inboxes.TryGetValue(agent, out var rows))
            Inboxes.Add(agent, rows = []);
        if (!rows.TryGetValue(thread.Id, out var row))
        {
            rows.Add(thread.Id, row = new MemoryInboxRow(agent, thread) { Touched = now });
            Undo(() => rows.Remove(thread.Id));
        }

        return row;
    }

    /// <summary>Notes how to take back the change that follows.</summary>
    public void Undo(Action step) => _undo.Add(step);

    public void Keep() => _undo.Clear();

    public void Rollback()
    {
        for (int i = _undo.Count - 1; i >= 0; i--)
            _undo[i]();
        _undo.Clear();
    }
}
