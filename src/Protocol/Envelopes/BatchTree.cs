using AgentFlow.Protocol.Crypto;

namespace AgentFlow.Protocol.Envelopes;

/// <summary>The hash tree of a batch: leaves are digests E, filled up with zeros to a power of two.</summary>
/// <remarks>Reference: protocol.md 2.9 point 3. At most 256 leaves, depth 8.</remarks>
internal static class BatchTree
{
    /// <summary>The root that a leaf at an index reaches through its siblings, of 32 bytes each.</summary>
    public static Bytes32 RootOf(Bytes32 digest, int index, ReadOnlySpan<byte> siblings)
    {
        Bytes32 hash = LeafHash(digest);
        for (int level = 0; level * 32 < siblings.Length; level++)
        {
            ReadOnlySpan<byte> sibling = siblings.Slice(level * 32, 32);
            hash = ((index >> level) & 1) == 0 ? AfHash.Hash(Labels.BatchNode, hash.Span, sibling) : AfHash.Hash(Labels.BatchNode, sibling, hash.Span);
        }

        return hash;
    }

    public static Bytes32 LeafHash(Bytes32 digest) => AfHash.Hash(Labels.BatchLeaf, digest.Span);

    public static Bytes32 Node(Bytes32 left, Bytes32 right) => AfHash.Hash(Labels.BatchNode, left.Span, right.Span);
}
