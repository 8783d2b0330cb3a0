using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using AgentFlow.Protocol.Buffers;

namespace AgentFlow.Protocol.Threads;

public sealed partial class PublicThread
{
    private const byte StateVersion = 1;

    /// <summary>Writes this state, to be stored. It holds nothing secret. The format is local and may change with a version.</summary>
    public void WriteState(IBufferWriter<byte> output)
    {
        var writer = new ByteWriter(output);
        writer.Write(StateVersion);
        writer.Write(ThreadId.Value);
        writer.Write(Position);
        writer.Write(ThreadHash);
        writer.Write(StartContext);
        writer.Write(Epoch.Number);
        writer.Write(Epoch.Context);
        writer.Write((uint)Epoch.Policy.Bytes.Length);
        writer.Write(Epoch.Policy.Bytes.Span);
        writer.Write((uint)Epoch.Roster.Count);
        Span<byte> entry = stackalloc byte[RosterEntry.Size];
        for (int i = 0; i < Epoch.Roster.Count; i++)
        {
            ref readonly var slot = ref Epoch.Roster[i];
            slot.Entry.Write(entry);
            writer.Write(slot.Leaf);
            writer.Write(entry);
            writer.Write(slot.KeyEpoch);
            writer.Write(_generations[i]);
        }

        writer.Write((uint)_senders.Count);
        foreach (var (device, sender) in _senders)
        {
            writer.Write(device);
            writer.Write(sender.Seq);
            writer.Write(sender.Digest);
            writer.Write(sender.AckSeq);
        }
    }

    /// <summary>Reads a state that was stored.</summary>
    /// <param name="bytes">Exactly what was written.</param>
    /// <param name="thread">The thread.</param>
    /// <returns>False where the bytes are damaged or of another version.</returns>
    public static bool TryReadState(ReadOnlySpan<byte> bytes, [NotNullWhen(true)] out PublicThread? thread)
    {
        var reader = new ByteReader(bytes);
        return TryReadState(ref reader, out thread) && reader.IsComplete;
    }

    internal static bool TryReadState(ref ByteReader reader, [NotNullWhen(true)] out PublicThread? thread)
    {
        thread = null;
        if (reader.ReadByte() != StateVersion)
            return false;
        var threadId = new ThreadId(reader.ReadBytes32());
        long position = reader.ReadInt64();
        Bytes32 threadHash = reader.ReadBytes32(), startContext = reader.ReadBytes32();
        ulong number = reader.ReadUInt64();
        Bytes32 context = reader.ReadBytes32();
        if (!ThreadPolicy.TryParse(reader.ReadBytes(reader.ReadUInt32()), out var policy, out _)
            || !TryReadRoster(ref reader, out var roster, out var generations))
            return false;
        var senders = new Dictionary<Bytes32, SenderState>();
        for (uint left = reader.ReadUInt32(); left > 0 && !reader.Failed; left--)
            senders[reader.ReadBytes32()] = new SenderState(reader.ReadUInt64(), reader.ReadBytes32(), reader.ReadInt64());
        if (reader.Failed || position < 0)
            return false;
        var epoch = ThreadEpoch.Restore(threadId, number, context, roster, policy);
        thread = new PublicThread(epoch, startContext, position, threadHash, senders, generations);
        return true;
    }

    private static bool TryReadRoster(ref ByteReader reader, [NotNullWhen(true)] out Roster? roster, out uint[] generations)
    {
        roster = null;
        generations = [];
        uint count = reader.ReadUInt32();
        if (reader.Failed || count > Roster.MaximumCount)
            return false;
        var slots = new RosterSlot[count];
        generations = new uint[count];
        for (int i = 0; i < slots.Length; i++)
        {
            uint leaf = reader.ReadUInt32();
            if (!RosterEntry.TryRead(reader.ReadBytes(RosterEntry.Size), out var entry, out _) || (i > 0 && slots[i - 1].Leaf >= leaf))
                return false;
            slots[i] = new RosterSlot(leaf, entry, reader.ReadUInt64());
            generations[i] = reader.ReadUInt32();
        }

        roster = new Roster(slots);
        return !reader.Failed;
    }
}
