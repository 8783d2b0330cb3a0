using System.Numerics;
using AgentFlow.Protocol.Crypto;

namespace AgentFlow.Protocol.Envelopes;

/// <summary>One signature over many envelopes of one device, in any threads: made inside the group commit of a store, which then writes each trailer.</summary>
/// <remarks>Reference: protocol.md 2.9 point 3. The envelopes were sealed with <c>IsBatchSigned</c>. Immutable.</remarks>
public sealed class BatchSignature
{
    /// <summary>The most envelopes that one signature covers.</summary>
    public const int MaximumCount = 1 << EnvelopeLayout.MaximumDepth;

    private readonly Bytes32[] _nodes;
    private readonly byte[] _signature;

    private BatchSignature(Bytes32[] nodes, int count, byte[] signature)
    {
        _nodes = nodes;
        Count = count;
        _signature = signature;
    }

    /// <summary>How many envelopes it covers.</summary>
    public int Count { get; }

    /// <summary>The size of every trailer of this batch in bytes.</summary>
    public int TrailerSize => EnvelopeLayout.TrailerSize(isBatch: true, Depth);

    private int Leaves => _nodes.Length / 2;

    private int Depth => BitOperations.Log2((uint)Leaves);

    /// <summary>Builds the tree and signs its root.</summary>
    /// <param name="device">The device key.</param>
    /// <param name="digests">E of each envelope, 1 to 256.</param>
    /// <exception cref="ArgumentOutOfRangeException">There are none, or more.</exception>
    public static BatchSignature Create(SigningKey device, ReadOnlySpan<Bytes32> digests)
    {
        ArgumentNullException.ThrowIfNull(device);
        ArgumentOutOfRangeException.ThrowIfLessThan(digests.Length, 1, nameof(digests));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(digests.Length, MaximumCount, nameof(digests));
        int leaves = (int)BitOperations.RoundUpToPowerOf2((uint)digests.Length);
        var nodes = new Bytes32[leaves * 2];
        for (int i = 0; i < digests.Length; i++)
            nodes[leaves + i] = BatchTree.LeafHash(digests[i]);
        for (int i = leaves - 1; i > 0; i--)
            nodes[i] = BatchTree.Node(nodes[2 * i], nodes[(2 * i) + 1]);
        byte[] signature = new byte[EnvelopeLayout.SignatureSize];
        device.Sign(Labels.SignBatch, nodes[1], signature);
        return new BatchSignature(nodes, digests.Length, signature);
    }

    /// <summary>Writes the trailer of one envelope, which stands behind its body.</summary>
    /// <param name="index">The place of its digest in the list that was signed.</param>
    /// <param name="trailer"><see cref="TrailerSize"/> bytes.</param>
    public void WriteTrailer(int index, Span<byte> trailer)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, Count);
        if (trailer.Length != TrailerSize)
            throw new ArgumentException($"A trailer of this batch has {TrailerSize} bytes.", nameof(trailer));
        trailer[0] = (byte)Depth;
        trailer[1] = (byte)index;
        int at = 2;
        for (int node = Leaves + index; node > 1; node >>= 1, at += 32)
            _nodes[node ^ 1].Span.CopyTo(trailer[at..]);
        _signature.CopyTo(trailer[at..]);
    }
}
