using System.Diagnostics.CodeAnalysis;
using AgentFlow.Protocol.Buffers;

namespace AgentFlow.Protocol.Threads;

/// <summary>Reads and writes the changes of a Commit.</summary>
/// <remarks>Reference: protocol.md 2.5: remove 41, update 145, add 229 bytes, policy 5 and its bytes.</remarks>
internal static class CommitChangeCodec
{
    public static bool TryRead(ref ByteReader reader, [NotNullWhen(true)] out CommitChange? change, out ProtocolError error)
    {
        change = null;
        error = ProtocolError.None;
        byte kind = reader.ReadByte();
        switch (kind)
        {
            case 1:
                change = new RemoveLeaf(reader.ReadUInt32(), reader.ReadUInt32(), reader.ReadBytes32());
                break;
            case 2:
                change = new UpdateLeaf(
                    reader.ReadUInt32(), reader.ReadBytes32(), reader.ReadUInt32(), reader.ReadBytes32(), reader.ReadUInt64(), reader.ReadBytes(64).ToArray());
                break;
            case 3:
                uint leaf = reader.ReadUInt32();
                if (!RosterEntry.TryRead(reader.ReadBytes(RosterEntry.Size), out var entry, out error))
                    return false;
                change = new AddLeaf(
                    leaf, entry, reader.ReadUInt32(), reader.ReadInt64(), reader.ReadInt64(), reader.ReadUInt32(), reader.ReadBytes(64).ToArray());
                break;
            case 4:
                if (!ThreadPolicy.TryParse(reader.ReadBytes(reader.ReadUInt32()), out var policy, out error))
                    return false;
                change = new ChangePolicy(policy);
                break;
            default:
                error = reader.Failed ? ProtocolError.Length : ProtocolError.Kind;
                return false;
        }

        error = reader.Failed ? ProtocolError.Length : ProtocolError.None;
        return !reader.Failed;
    }

    public static void Write(ByteWriter writer, CommitChange change)
    {
        writer.Write(change.Kind);
        switch (change)
        {
            case RemoveLeaf remove:
                writer.Write(remove.Leaf);
                writer.Write(remove.LogSeq);
                writer.Write(remove.LogHead);
                break;
            case UpdateLeaf update:
                writer.Write(update.Leaf);
                writer.Write(update.LeafKey);
                writer.Write(update.LogSeq);
                writer.Write(update.LogHead);
                writer.Write(update.BaseEpoch);
                writer.Write(update.Signature);
                break;
            case AddLeaf add:
                Span<byte> entry = stackalloc byte[RosterEntry.Size];
                add.Entry.Write(entry);
                writer.Write(add.Leaf);
                writer.Write(entry);
                writer.Write(add.PrekeyId);
                writer.Write(add.Created);
                writer.Write(add.NotAfter);
                writer.Write(add.Suites);
                writer.Write(add.Signature);
                break;
            case ChangePolicy policy:
                writer.Write((uint)policy.Policy.Bytes.Length);
                writer.Write(policy.Policy.Bytes.Span);
                break;
        }
    }
}
