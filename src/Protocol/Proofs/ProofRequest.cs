using System.Buffers.Binary;
using AgentFlow.Protocol.Approvals;
using AgentFlow.Protocol.Crypto;
using AgentFlow.Protocol.Envelopes;
using AgentFlow.Protocol.Frames;
using AgentFlow.Protocol.Threads;

namespace AgentFlow.Protocol.Proofs;

/// <summary>The request of a proof file, opened with Kc and verified down to its frame.</summary>
internal sealed class ProofRequest
{
    private ProofRequest(ApprovalRequest request, Bytes32 schemaHash, byte[] payload, long time, ulong ackSeq, Bytes32 ackHash)
    {
        Request = request;
        SchemaHash = schemaHash;
        Payload = payload;
        Time = time;
        AckSeq = ackSeq;
        AckHash = ackHash;
    }

    /// <summary>The request; its position is 1 until a run says which.</summary>
    public ApprovalRequest Request { get; }

    public Bytes32 SchemaHash { get; }

    public byte[] Payload { get; }

    public long Time { get; }

    public ulong AckSeq { get; }

    public Bytes32 AckHash { get; }

    public static bool TryRead(ReadOnlySpan<byte> section, ThreadEpoch epoch, out ProofRequest? request, out ProofRefusal refusal, out ProtocolError error)
    {
        request = null;
        refusal = ProofRefusal.Request;
        error = ProtocolError.Length;
        if (section.Length < ProofSection.RequestFixedSize)
            return false;
        var header = new EnvelopeHeader(section);
        var context = new Bytes32(section.Slice(192, 32));
        var openingKey = section.Slice(224, 32);
        uint plainLength = BinaryPrimitives.ReadUInt32LittleEndian(section[256..]);
        var rest = section[ProofSection.RequestFixedSize..];
        if (plainLength > (uint)rest.Length)
            return false;
        var plaintext = rest[..(int)plainLength];
        byte[] headerAndTrailer = [.. header.Bytes, .. rest[(int)plainLength..]];
        if (!EnvelopeView.TryReadExpired(headerAndTrailer, out var view, out error))
            return false;
        error = header.Kind != EnvelopeKind.App || header.IsMultiFrame ? ProtocolError.Kind
            : header.Generation == 0 ? ProtocolError.Generation
            : header.SenderSeq == 0 ? ProtocolError.SenderSequence
            : ProtocolError.None;
        if (error != ProtocolError.None)
            return false;
        refusal = ProofRefusal.RequestContext;
        error = header.ThreadId != epoch.ThreadId ? ProtocolError.ThreadMismatch
            : header.Epoch != epoch.Number || context != epoch.Context ? ProtocolError.StaleEpoch
            : header.Suite != epoch.Policy.Suite ? ProtocolError.Suite
            : ProtocolError.None;
        if (error != ProtocolError.None)
            return false;
        refusal = ProofRefusal.RequestSender;
        error = !epoch.Roster.TryFind(header.Leaf, out var sender) ? ProtocolError.UnknownLeaf
            : !sender.Entry.IsMember ? ProtocolError.Role
            : ProtocolError.None;
        if (error != ProtocolError.None)
            return false;
        refusal = ProofRefusal.RequestContent;
        error = ProtocolError.Commitment;
        Span<byte> commitment = stackalloc byte[Bytes32.Size];
        AfHash.Mac(openingKey, Labels.Commitment, context.Span, header.CommittedBytes, plaintext, commitment);
        if (header.BodyLength != plainLength + (long)EnvelopeLayout.TagSize || !header.Commitment.Span.SequenceEqual(commitment))
            return false;
        refusal = ProofRefusal.RequestSignature;
        error = ProtocolError.Signature;
        var digest = EnvelopeDigest.Of(context, header.Bytes);
        if (!EnvelopeSignature.Verify(view, sender.Entry.Device, digest))
            return false;
        refusal = ProofRefusal.RequestFrame;
        if (!PlaintextReader.TryParse(plaintext, isHeartbeat: false, isMultiFrame: false, out var reader, out error) || !reader.TryRead(out var frame))
            return false;
        if (!ApprovalRequest.TryCreate(
            epoch.ThreadId, 1, digest, sender.Entry.Agent, frame, reader.FrameCount, frame.Header.SchemaHash, epoch.Policy, out var approvalRequest, out error))
            return false;
        refusal = ProofRefusal.None;
        request = new ProofRequest(approvalRequest!, frame.Header.SchemaHash, frame.Payload.ToArray(), header.Time, header.AckSeq, header.AckHash);
        return true;
    }
}
