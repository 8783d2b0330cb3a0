using System.Buffers.Binary;
using AgentFlow.Protocol.Crypto;

namespace AgentFlow.Protocol.Frames;

/// <summary>One contract of a catalogue.</summary>
/// <param name="Contract">The contract.</param>
/// <param name="Major">Its version.</param>
/// <param name="Minor">Its minor version.</param>
/// <param name="Codec">How it is encoded.</param>
/// <param name="SchemaHash">The hash of its schema text.</param>
public readonly record struct CatalogueEntry(ContractId Contract, ushort Major, ushort Minor, FrameCodec Codec, Bytes32 SchemaHash);

/// <summary>Computes the catalogue hash of a thread's policy: which contracts, in which schema, the creator of the thread meant.</summary>
/// <remarks>Reference: protocol.md 2.8. Each entry is 53 bytes; they are ordered bytewise, and equal ones count once.</remarks>
public static class Catalogue
{
    private const int EntrySize = 53;

    /// <summary>The hash of a set of contracts, in whatever order they are given.</summary>
    public static Bytes32 Hash(IEnumerable<CatalogueEntry> entries)
    {
        ArgumentNullException.ThrowIfNull(entries);
        List<byte[]> sorted = [.. entries.Select(Encode)];
        sorted.Sort(static (left, right) => left.AsSpan().SequenceCompareTo(right));
        byte[] bytes = new byte[checked(4 + sorted.Count * EntrySize)];
        int at = 4;
        for (int i = 0; i < sorted.Count; i++)
        {
            if (i > 0 && sorted[i].AsSpan().SequenceEqual(sorted[i - 1]))
                continue;
            sorted[i].CopyTo(bytes, at);
            at += EntrySize;
        }

        BinaryPrimitives.WriteInt32LittleEndian(bytes, (at - 4) / EntrySize);
        return AfHash.Hash(Labels.Catalogue, bytes.AsSpan(0, at));
    }

    private static byte[] Encode(CatalogueEntry entry)
    {
        byte[] bytes = new byte[EntrySize];
        entry.Contract.Write(bytes);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(16), entry.Major);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(18), entry.Minor);
        bytes[20] = (byte)entry.Codec;
        entry.SchemaHash.Span.CopyTo(bytes.AsSpan(21));
        return bytes;
    }
}
