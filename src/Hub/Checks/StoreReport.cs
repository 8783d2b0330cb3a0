using System.Buffers.Binary;
using System.Security.Cryptography;

namespace AgentFlow.Hub.Checks;

/// <summary>
/// What a check found in a store. Two stores that hold the same threads up to the same envelopes have the same digest, whatever engine they are on.
/// </summary>
public sealed class StoreReport : IDisposable
{
    private readonly IncrementalHash _digest = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    /// <summary>How many threads there are.</summary>
    public long Threads { get; private set; }

    /// <summary>How many envelopes there are.</summary>
    public long Envelopes { get; private set; }

    /// <summary>How many threads have a fault.</summary>
    public long Faults { get; private set; }

    /// <summary>Takes the next thread in, in the order in which a check yields them.</summary>
    /// <param name="thread">What was found.</param>
    public void Add(ThreadReport thread)
    {
        ArgumentNullException.ThrowIfNull(thread);
        Span<byte> head = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64BigEndian(head, thread.Head);
        _digest.AppendData(thread.Thread.Span);
        _digest.AppendData(head);
        _digest.AppendData(thread.Hash.Span);
        Threads++;
        Envelopes += thread.Head;
        Faults += thread.Fault is null ? 0 : 1;
    }

    /// <summary>The SHA-256 of every thread's id, head and hash, in the order of the ids.</summary>
    public Bytes32 Digest() => new(_digest.GetCurrentHash());

    /// <inheritdoc/>
    public void Dispose() => _digest.Dispose();
}
