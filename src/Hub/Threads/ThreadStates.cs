using System.Buffers;
using AgentFlow.Hub.Stores;
using AgentFlow.Protocol;
using AgentFlow.Protocol.Threads;
using AgentFlow.Storage;

namespace AgentFlow.Hub.Threads;

/// <summary>Reads the public state of a thread: the newest snapshot, and the log after it.</summary>
internal sealed class ThreadStates(IEnvelopeStore store, EnvelopeGate gate)
{
    private const int PageBytes = 4 << 20;

    public static StateKey Key(ThreadId thread) => new(StateKind.Thread, thread.Value.ToArray());

    public static byte[] Snapshot(PublicThread thread)
    {
        var writer = new ArrayBufferWriter<byte>(2048);
        thread.WriteState(writer);
        return writer.WrittenSpan.ToArray();
    }

    /// <summary>Reads a state; null where the hub does not know the thread.</summary>
    /// <exception cref="StorageException">The log does not fit the snapshot: the database is damaged.</exception>
    public async ValueTask<PublicThread?> LoadAsync(ThreadId id, CancellationToken cancellationToken)
    {
        if (await store.GetAsync(Key(id), cancellationToken).ConfigureAwait(false) is not { } item)
            return null;
        if (!PublicThread.TryReadState(item.Value.Span, out var thread))
            throw Damaged(id, ProtocolError.Version);
        while (true)
        {
            var page = await store.ReadThreadAsync(id, thread.Position, 256, PageBytes, cancellationToken).ConfigureAwait(false);
            foreach (var stored in page.Envelopes)
            {
                var error = await gate.ReplayAsync(thread, stored, cancellationToken).ConfigureAwait(false);
                if (error != ProtocolError.None)
                    throw Damaged(id, error);
            }

            if (thread.Position >= page.Head)
                return thread;
        }
    }

    private static StorageException Damaged(ThreadId id, ProtocolError error) =>
        new(StorageErrorKind.Corrupt, $"The stored thread {id} does not verify ({error}). Restore the hub's database from a backup.");
}
