using AgentFlow.Hub.Stores;
using AgentFlow.Protocol.Threads;

namespace AgentFlow.Hub.Threads;

/// <summary>Thread hashes of older positions. A check asks synchronously, so what it lacks is loaded first and then asked for again. Thread-safe.</summary>
internal sealed class ThreadHashCache(IEnvelopeStore store) : IThreadHashes
{
    private readonly RecentlyUsed<(ThreadId Thread, long Position), Bytes32> _hashes = new(4096);

    public bool TryFind(ThreadId thread, long position, out Bytes32 hash) => _hashes.TryGet((thread, position), out hash);

    public async ValueTask<bool> LoadAsync(ThreadId thread, long position, CancellationToken cancellationToken)
    {
        if (await store.GetThreadHashAsync(thread, position, cancellationToken).ConfigureAwait(false) is not { } hash)
            return false;
        _hashes.Set((thread, position), hash);
        return true;
    }
}
