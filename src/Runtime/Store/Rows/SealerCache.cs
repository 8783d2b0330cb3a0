using System.Collections.Concurrent;
using AgentFlow.Store.Sealing;

namespace AgentFlow.Store.Rows;

/// <summary>The sealers of the threads that were written last, so that a commit need not read its key first. Thread-safe.</summary>
/// <remarks>A sealer that leaves the cache may still be in use by a commit, so it is not zeroed at once but left to the collector. The bound keeps idle threads out of memory.</remarks>
internal sealed class SealerCache
{
    private const int Capacity = 1024;
    private readonly ConcurrentDictionary<(AgentId, ThreadId), RecordSealer> _sealers = new();

    public RecordSealer? Find(AgentId agent, ThreadId thread) => _sealers.GetValueOrDefault((agent, thread));

    public void Add(AgentId agent, ThreadId thread, RecordSealer sealer)
    {
        if (_sealers.Count >= Capacity)
            _sealers.Clear();
        _sealers[(agent, thread)] = sealer;
    }

    public void Remove(AgentId agent, ThreadId thread) => _sealers.TryRemove((agent, thread), out _);

    public void Clear()
    {
        foreach (var sealer in _sealers.Values)
            sealer.Dispose();
        _sealers.Clear();
    }
}
