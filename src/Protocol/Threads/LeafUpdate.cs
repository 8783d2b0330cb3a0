using System.Buffers.Binary;
using AgentFlow.Protocol.Crypto;

namespace AgentFlow.Protocol.Threads;

/// <summary>What a device signs when it gives its leaf a new key.</summary>
/// <remarks>Reference: protocol.md 2.5, update.sig.</remarks>
internal static class LeafUpdate
{
    public static Bytes32 Hash(ThreadId threadId, UpdateLeaf update)
    {
        Span<byte> numbers = stackalloc byte[4 + 8 + 4];
        BinaryPrimitives.WriteUInt32LittleEndian(numbers, update.Leaf);
        BinaryPrimitives.WriteUInt64LittleEndian(numbers[4..], update.BaseEpoch);
        BinaryPrimitives.WriteUInt32LittleEndian(numbers[12..], update.LogSeq);
        var hash = new Blake2b(stackalloc byte[Blake2b.WorkspaceSize], Labels.LeafUpdate);
        hash.Add(threadId.Span);
        hash.Add(numbers[..12]);
        hash.Add(update.LeafKey.Span);
        hash.Add(numbers[12..]);
        hash.Add(update.LogHead.Span);
        return hash.Finish();
    }
}
