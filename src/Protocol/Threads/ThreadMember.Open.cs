using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using AgentFlow.Protocol.Buffers;
using AgentFlow.Protocol.Envelopes;
using AgentFlow.Protocol.Frames;

namespace AgentFlow.Protocol.Threads;

public sealed partial class ThreadMember
{
    /// <summary>Checks and opens what stands at the next position, in the order of protocol.md 2.7.</summary>
    /// <param name="position">The position that the hub names; it must be the next one.</param>
    /// <param name="envelope">The bytes: the whole envelope, or header and trailer where its body has expired.</param>
    /// <param name="isExpired">Whether the hub says that the body has expired.</param>
    /// <param name="plaintext">Receives the padded plaintext, to be read with <see cref="PlaintextReader"/>; emptied first.</param>
    /// <param name="checks">The surroundings.</param>
    /// <param name="mode">Whether a body that does not open may be fetched again.</param>
    public OpenResult Open(
        long position, ReadOnlySpan<byte> envelope, bool isExpired, PooledBuffer plaintext, ThreadChecks checks, OpenMode mode = OpenMode.First)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        plaintext.Reset();
        if (position != Thread.Position + 1)
            return OpenResult.Refused(OpenOutcome.HubFault, ProtocolError.Position);
        bool isRead = isExpired ? EnvelopeView.TryReadExpired(envelope, out var view, out var error) : EnvelopeView.TryRead(envelope, out view, out error);
        if (!isRead)
            return OpenResult.Refused(OpenOutcome.HubFault, error);
        bool isOwn = view.Header.Leaf == Leaf;
        Bytes32 ownDigest = isOwn ? _inFlight.Find(view.Header.SenderSeq) : default;
        if (!Thread.TryCheck(view, checks, ownDigest, out var accepted, out error))
            return OpenResult.Refused(error == ProtocolError.MembershipChangeUnsupported ? OpenOutcome.Unsupported : OpenOutcome.HubFault, error);
        if (isOwn)
            return AcceptOwn(view, accepted, ownDigest);
        return OpenForeign(view, accepted, plaintext, mode);
    }

    /// <summary>Opens an envelope that was rejected before, with the message key that was kept.</summary>
    /// <param name="messageKey">The 32 bytes that the buffer held.</param>
    /// <param name="context">The context from the result.</param>
    /// <param name="digest">The digest E from the result; another header is refused.</param>
    /// <param name="envelope">The bytes, fetched again.</param>
    /// <param name="plaintext">Receives the padded plaintext.</param>
    /// <param name="commitmentKey">Kc.</param>
    public static ProtocolError OpenRejected(
        ReadOnlySpan<byte> messageKey, Bytes32 context, Bytes32 digest, ReadOnlySpan<byte> envelope, PooledBuffer plaintext, out Bytes32 commitmentKey)
    {
        commitmentKey = default;
        plaintext.Reset();
        if (!EnvelopeView.TryRead(envelope, out var view, out var error))
            return error;
        return view.Digest(context) == digest ? OpenBody(view, context, messageKey, plaintext, out commitmentKey) : ProtocolError.Signature;
    }

    private OpenResult AcceptOwn(EnvelopeView view, in CheckedEnvelope accepted, Bytes32 ownDigest)
    {
        bool isSentHere = accepted.SenderSeq <= _sentSeq
            && (ownDigest.IsZero || ownDigest == accepted.Digest)
            && (accepted.SenderSeq != _sentSeq || accepted.Digest == _sentDigest);
        if (!isSentHere)
            return OpenResult.Refused(OpenOutcome.OwnConflict, ProtocolError.SenderSequence);
        _inFlight.RemoveThrough(accepted.SenderSeq);
        return Advance(OpenOutcome.Own, ProtocolError.None, view, accepted, default);
    }

    [SkipLocalsInit]
    private OpenResult OpenForeign(EnvelopeView view, in CheckedEnvelope accepted, PooledBuffer plaintext, OpenMode mode)
    {
        if (IsLocked)
            return Advance(OpenOutcome.Locked, ProtocolError.Locked, view, accepted, default);

        Span<byte> chainKey = stackalloc byte[MessageRatchet.KeySize];
        Span<byte> messageKey = stackalloc byte[MessageRatchet.KeySize];
        ChainKey(accepted.SlotIndex).CopyTo(chainKey);
        for (uint generation = Thread.GenerationOf(accepted.Leaf) + 1; generation <= accepted.Generation; generation++)
            MessageRatchet.Step(chainKey, generation, accepted.Leaf, messageKey);

        var outcome = OpenOutcome.Expired;
        var error = ProtocolError.None;
        Bytes32 commitmentKey = default;
        if (!view.IsExpired)
        {
            error = OpenBody(view, Thread.Epoch.Context, messageKey, plaintext, out commitmentKey);
            outcome = error == ProtocolError.None ? OpenOutcome.Opened : mode == OpenMode.First ? OpenOutcome.Damaged : OpenOutcome.Rejected;
        }

        if (outcome == OpenOutcome.Rejected)
        {
            messageKey.CopyTo(plaintext.GetSpan(MessageRatchet.KeySize));
            plaintext.Advance(MessageRatchet.KeySize);
        }

        if (outcome != OpenOutcome.Damaged)
            chainKey.CopyTo(ChainKey(accepted.SlotIndex));
        CryptographicOperations.ZeroMemory(chainKey);
        CryptographicOperations.ZeroMemory(messageKey);
        return outcome == OpenOutcome.Damaged
            ? Describe(outcome, error, view, accepted, default)
            : Advance(outcome, error, view, accepted, commitmentKey);
    }

    private static ProtocolError OpenBody(EnvelopeView view, Bytes32 context, ReadOnlySpan<byte> messageKey, PooledBuffer plaintext, out Bytes32 commitmentKey)
    {
        commitmentKey = default;
        int length = view.Body.Length - EnvelopeLayout.TagSize;
        if (length < 0)
            return ProtocolError.Decryption;
        var output = plaintext.GetSpan(length)[..length];
        var error = MessageBody.Open(context, messageKey, view, output, out commitmentKey);
        if (error == ProtocolError.None)
            PlaintextReader.TryParse(output, view.Header.Kind == EnvelopeKind.Heartbeat, view.Header.IsMultiFrame, out _, out error);
        if (error == ProtocolError.None)
        {
            plaintext.Advance(length);
            return error;
        }

        commitmentKey = default;
        CryptographicOperations.ZeroMemory(output);
        return error;
    }

    private OpenResult Advance(OpenOutcome outcome, ProtocolError error, EnvelopeView view, in CheckedEnvelope accepted, Bytes32 commitmentKey)
    {
        var result = Describe(outcome, error, view, accepted, commitmentKey);
        Thread.Accept(accepted);
        return result;
    }

    private OpenResult Describe(OpenOutcome outcome, ProtocolError error, EnvelopeView view, in CheckedEnvelope accepted, Bytes32 commitmentKey) => new()
    {
        Outcome = outcome,
        Error = error,
        Envelope = accepted,
        Sender = Thread.Epoch.Roster[accepted.SlotIndex].Entry.Agent,
        Time = view.Header.Time,
        Context = Thread.Epoch.Context,
        CommitmentKey = commitmentKey,
    };
}
