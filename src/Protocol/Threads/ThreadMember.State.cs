using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using AgentFlow.Protocol.Buffers;
using AgentFlow.Protocol.Crypto;

namespace AgentFlow.Protocol.Threads;

public sealed partial class ThreadMember
{
    private const byte StateVersion = 1;

    /// <summary>Writes this state, to be sealed and stored. It holds keys: write to memory that is zeroed afterwards. The format is local.</summary>
    public void WriteState(IBufferWriter<byte> output)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        var writer = new ByteWriter(output);
        writer.Write(StateVersion);
        writer.Write(IsLocked ? (byte)1 : (byte)0);
        writer.Write((uint)_ownSlot);
        writer.Write(_sentSeq);
        writer.Write(_sentDigest);
        writer.Write(_sentGeneration);
        _inFlight.Write(writer);
        writer.Write((uint)_secrets.Length);
        writer.Write(_secrets);
        Thread.WriteState(output);
    }

    /// <summary>Reads a state that was stored.</summary>
    /// <param name="bytes">Exactly what was written; the caller zeroes it.</param>
    /// <param name="member">The member.</param>
    /// <returns>False where the bytes are damaged or of another version.</returns>
    public static bool TryReadState(ReadOnlySpan<byte> bytes, [NotNullWhen(true)] out ThreadMember? member) =>
        TryReadState(bytes, SystemRandom.Instance, out member);

    internal static bool TryReadState(ReadOnlySpan<byte> bytes, IRandomSource random, [NotNullWhen(true)] out ThreadMember? member)
    {
        member = null;
        var reader = new ByteReader(bytes);
        if (reader.ReadByte() != StateVersion)
            return false;
        bool isLocked = reader.ReadByte() != 0;
        uint ownSlot = reader.ReadUInt32();
        ulong sentSeq = reader.ReadUInt64();
        Bytes32 sentDigest = reader.ReadBytes32();
        uint sentGeneration = reader.ReadUInt32();
        var inFlight = InFlightEnvelopes.Read(ref reader);
        var stored = reader.ReadBytes(reader.ReadUInt32());
        if (!PublicThread.TryReadState(ref reader, out var thread) || !reader.IsComplete)
            return false;
        int leaves = thread.Epoch.Roster.Count;
        if (ownSlot >= (uint)leaves || stored.Length != KeySize * (leaves + 1))
            return false;
        byte[] secrets = AllocateSecrets(leaves);
        stored.CopyTo(secrets);
        member = new ThreadMember(thread, (int)ownSlot, secrets, isLocked, inFlight, random)
        {
            _sentSeq = sentSeq,
            _sentDigest = sentDigest,
            _sentGeneration = sentGeneration,
        };
        return true;
    }
}
