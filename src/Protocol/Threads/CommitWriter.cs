using System.Buffers;
using AgentFlow.Protocol.Buffers;
using AgentFlow.Protocol.Crypto;

namespace AgentFlow.Protocol.Threads;

/// <summary>Writes the body of a Commit.</summary>
/// <remarks>Reference: protocol.md 2.5.</remarks>
internal static class CommitWriter
{
    /// <summary>Writes everything up to and including wrapsHash: what C covers.</summary>
    public static void WriteCommitted(IBufferWriter<byte> output, CommitGenesis? genesis, IReadOnlyList<CommitChange> changes, in CommitFields fields)
    {
        var writer = new ByteWriter(output);
        if (genesis is not null)
        {
            Span<byte> creator = stackalloc byte[RosterEntry.Size];
            genesis.Creator.Write(creator);
            writer.Write(genesis.Random);
            writer.Write(creator);
            writer.Write((uint)genesis.Policy.Bytes.Length);
            writer.Write(genesis.Policy.Bytes.Span);
        }

        writer.Write(fields.ParentEpoch);
        writer.Write(fields.NewEpoch);
        writer.Write(fields.ParentContext);
        writer.Write((ushort)changes.Count);
        foreach (var change in changes)
            CommitChangeCodec.Write(writer, change);
        writer.Write(fields.RosterHash);
        writer.Write(fields.PolicyHash);
        writer.Write(fields.Confirm);
        writer.Write(fields.WrapsHash);
    }

    /// <summary>Writes the count and the wraps behind it.</summary>
    public static void WriteWraps(IBufferWriter<byte> output, ReadOnlySpan<byte> wraps)
    {
        var writer = new ByteWriter(output);
        writer.Write((uint)(wraps.Length / Commit.WrapSize));
        writer.Write(wraps);
    }

    /// <summary>C of a Commit: the hash of bytes 0 to 160 of the header and of the body up to and including wrapsHash.</summary>
    public static Bytes32 Commitment(ReadOnlySpan<byte> header, ReadOnlySpan<byte> committed) => AfHash.Hash(Labels.Body, header[..160], committed);
}
