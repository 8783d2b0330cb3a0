using System.Diagnostics.CodeAnalysis;
using AgentFlow.Protocol.Envelopes;

namespace AgentFlow.Protocol.Threads;

public sealed partial class PublicThread
{
    /// <param name="envelope">An envelope in format.</param>
    /// <param name="checks">The surroundings.</param>
    /// <param name="ownDigest">E of an envelope that this process signed itself, whose signature needs no check; zero for none.</param>
    /// <param name="accepted">What to accept.</param>
    /// <param name="error">Why it was refused.</param>
    internal bool TryCheck(EnvelopeView envelope, ThreadChecks checks, Bytes32 ownDigest, out CheckedEnvelope accepted, out ProtocolError error)
    {
        accepted = default;
        var header = envelope.Header;
        error = CheckPlace(header, out int slotIndex);
        if (error != ProtocolError.None)
            return false;
        ref readonly var slot = ref Epoch.Roster[slotIndex];
        Bytes32 digest = EnvelopeDigest.Of(Epoch.Context, header.Bytes);
        bool isTrusted = digest == ownDigest || (!checks.VerifiesSignatures && header.Kind != EnvelopeKind.Commit);
        if (!isTrusted && !EnvelopeSignature.Verify(envelope, slot.Entry.Device, digest, checks.Batches))
        {
            error = ProtocolError.Signature;
            return false;
        }

        error = CheckSequence(header, slotIndex, slot.Entry.Device, checks.Hashes);
        if (error != ProtocolError.None)
            return false;
        ThreadEpoch? next = null;
        if (header.Kind == EnvelopeKind.Commit && !TryCheckCommit(envelope, checks, out next, out error))
            return false;
        accepted = new CheckedEnvelope
        {
            Position = Position + 1,
            Kind = header.Kind,
            Leaf = header.Leaf,
            Device = slot.Entry.Device,
            Digest = digest,
            SenderSeq = header.SenderSeq,
            AckSeq = (long)header.AckSeq,
            Generation = header.Generation,
            Next = next,
            Base = ThreadHash,
            SlotIndex = slotIndex,
        };
        return true;
    }

    /// <summary>Everything before the signature: thread, suite, epoch, leaf, role.</summary>
    private ProtocolError CheckPlace(EnvelopeHeader header, out int slotIndex)
    {
        slotIndex = -1;
        if (header.Suite != Epoch.Policy.Suite)
            return ProtocolError.Suite;
        if (header.ThreadId != Epoch.ThreadId)
            return ProtocolError.ThreadMismatch;
        if (header.Epoch != Epoch.Number)
            return ProtocolError.StaleEpoch;
        slotIndex = Epoch.Roster.IndexOf(header.Leaf);
        if (slotIndex < 0)
            return ProtocolError.UnknownLeaf;
        return Epoch.Roster[slotIndex].Entry.IsMember || header.Kind == EnvelopeKind.Heartbeat ? ProtocolError.None : ProtocolError.Role;
    }

    /// <summary>Everything after the signature that needs no body.</summary>
    private ProtocolError CheckSequence(EnvelopeHeader header, int slotIndex, Bytes32 device, IThreadHashes hashes)
    {
        uint last = _generations[slotIndex];
        bool isNextGeneration = header.Kind == EnvelopeKind.Commit
            ? header.Generation == 0
            : header.Generation > last && header.Generation - last <= EnvelopeLayout.MaximumGenerationStep;
        if (!isNextGeneration)
            return ProtocolError.Generation;
        var sender = _senders.GetValueOrDefault(device);
        if (header.SenderSeq == 0 || header.SenderSeq - 1 != sender.Seq)
            return ProtocolError.SenderSequence;
        if (header.Previous != sender.Digest)
            return ProtocolError.PreviousEnvelope;
        if (header.AckSeq > (ulong)Position || (long)header.AckSeq < sender.AckSeq)
            return ProtocolError.Acknowledgement;
        if (!TryFindHash((long)header.AckSeq, hashes, out var hash))
            return ProtocolError.MissingThreadHash;
        return header.AckHash == hash ? ProtocolError.None : ProtocolError.ThreadFork;
    }

    private bool TryFindHash(long position, IThreadHashes hashes, out Bytes32 hash)
    {
        hash = position == 0 ? StartContext : _recent[position % RecentHashes];
        return KnowsHash(position) || hashes.TryFind(ThreadId, position, out hash);
    }

    private bool TryCheckCommit(EnvelopeView envelope, ThreadChecks checks, [NotNullWhen(true)] out ThreadEpoch? next, out ProtocolError error)
    {
        next = null;
        if (envelope.IsExpired)
        {
            // A Commit never expires: a hub that says so has lost it.
            error = ProtocolError.Length;
            return false;
        }

        if (!Commit.TryParse(envelope.Body, isGenesis: Epoch.Number == 0, hasWraps: true, out var commit, out error))
            return false;
        if (CommitWriter.Commitment(envelope.Header.Bytes, envelope.Body[..commit.CommittedLength]) != envelope.Header.Commitment)
        {
            error = ProtocolError.Commitment;
            return false;
        }

        if (!CommitValidator.TryApply(Epoch, envelope.Header.Leaf, commit, checks.Identities, hasWraps: true, out next, out error))
            return false;
        if (Epoch.Number == 0)
            return true;
        error = ProtocolError.MembershipChangeUnsupported;
        return false;
    }
}
