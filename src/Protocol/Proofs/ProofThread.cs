using System.Buffers.Binary;
using AgentFlow.Protocol.Approvals;
using AgentFlow.Protocol.Envelopes;
using AgentFlow.Protocol.Identity;
using AgentFlow.Protocol.Threads;

namespace AgentFlow.Protocol.Proofs;

/// <summary>What the Commits of a proof file amount to: every epoch of the thread up to the request's, from the thread id alone.</summary>
internal sealed class ProofThread
{
    private readonly Dictionary<AgentId, uint> _namedSeqs = [];

    private ProofThread(ThreadEpoch start) => Start = Current = start;

    /// <summary>Epoch 0.</summary>
    public ThreadEpoch Start { get; }

    /// <summary>The epoch after the last Commit.</summary>
    public ThreadEpoch Current { get; private set; }

    /// <summary>E of the first Commit.</summary>
    public Bytes32 GenesisEnvelope { get; private set; }

    public AgentId Creator => Start.Roster.Slots[0].Entry.Agent;

    public static bool TryRead(
        ReadOnlySpan<byte> section, IIdentitySource identities, out ProofThread? thread, out ProofRefusal refusal, out ProtocolError error)
    {
        thread = null;
        refusal = ProofRefusal.Commit;
        error = ProtocolError.Length;
        while (!section.IsEmpty)
        {
            if (section.Length < 4 || BinaryPrimitives.ReadUInt32LittleEndian(section) is var length && length > (uint)section.Length - 4)
                return false;
            var record = section.Slice(4, (int)length);
            section = section[(4 + (int)length)..];
            if (record.Length < EnvelopeHeader.Size || record.Length > EnvelopeView.MaximumSize)
                return false;
            if (thread is null)
            {
                if (!GenesisReader.TryReadStart(new EnvelopeHeader(record), record[EnvelopeHeader.Size..], identities, out var start, out error))
                    return false;
                thread = new ProofThread(start);
            }

            if (!thread.TryApply(record, identities, out refusal, out error))
                return false;
        }

        return thread is not null;
    }

    /// <summary>The newest entry of an agent's log that a Commit names: revocations up to it count.</summary>
    public uint NamedSeqOf(AgentId agent) => _namedSeqs.GetValueOrDefault(agent);

    private bool TryApply(ReadOnlySpan<byte> record, IIdentitySource identities, out ProofRefusal refusal, out ProtocolError error)
    {
        refusal = ProofRefusal.Commit;
        var header = new EnvelopeHeader(record);
        bool isGenesis = Current.Number == 0;
        if (!Commit.TryParse(record[EnvelopeHeader.Size..], isGenesis, hasWraps: false, out var commit, out error))
            return false;
        int bodyEnd = EnvelopeHeader.Size + commit.CommittedLength;
        byte[] headerAndTrailer = [.. record[..EnvelopeHeader.Size], .. record[bodyEnd..]];
        if (!EnvelopeView.TryReadExpired(headerAndTrailer, out var view, out error))
            return false;
        error = CheckHeader(header, isGenesis);
        if (error != ProtocolError.None)
            return false;
        error = ProtocolError.UnknownLeaf;
        if (!Current.Roster.TryFind(header.Leaf, out var committer))
            return false;
        error = ProtocolError.Commitment;
        if (CommitWriter.Commitment(record, record[EnvelopeHeader.Size..bodyEnd]) != header.Commitment)
            return false;
        var digest = EnvelopeDigest.Of(Current.Context, header.Bytes);
        error = ProtocolError.Signature;
        refusal = ProofRefusal.CommitSignature;
        if (!EnvelopeSignature.Verify(view, committer.Entry.Device, digest))
            return false;
        refusal = ProofRefusal.Commit;
        var parent = Current;
        if (!CommitValidator.TryApply(parent, header.Leaf, commit, identities, hasWraps: false, out var next, out error))
            return false;
        error = ProtocolError.CommitWraps;
        if (header.BodyLength != commit.CommittedLength + 4 + (long)Commit.WrapSize * (next.Roster.Count - 1))
            return false;
        RememberHeads(parent, commit, next);
        GenesisEnvelope = isGenesis ? digest : GenesisEnvelope;
        Current = next;
        refusal = ProofRefusal.None;
        error = ProtocolError.None;
        return true;
    }

    private ProtocolError CheckHeader(EnvelopeHeader header, bool isGenesis)
    {
        if (header.Kind != EnvelopeKind.Commit)
            return ProtocolError.Kind;
        if (header.ThreadId != Current.ThreadId)
            return ProtocolError.ThreadMismatch;
        if (header.Suite != Current.Policy.Suite)
            return ProtocolError.Suite;
        if (header.Epoch != Current.Number)
            return ProtocolError.StaleEpoch;
        if (header.Generation != 0)
            return ProtocolError.Generation;
        bool isFirstWord = header.SenderSeq == 1 && header.Previous.IsZero && header.AckSeq == 0 && header.AckHash == Current.Context;
        return isGenesis && !isFirstWord ? ProtocolError.Genesis : ProtocolError.None;
    }

    private void RememberHeads(ThreadEpoch parent, Commit commit, ThreadEpoch next)
    {
        foreach (var slot in next.Roster.Slots)
            Remember(slot.Entry.Agent, slot.Entry.LogSeq);
        foreach (var remove in commit.Changes.OfType<RemoveLeaf>())
        {
            if (parent.Roster.TryFind(remove.Leaf, out var slot))
                Remember(slot.Entry.Agent, remove.LogSeq);
        }
    }

    private void Remember(AgentId agent, uint seq) => _namedSeqs[agent] = Math.Max(seq, NamedSeqOf(agent));
}
