using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using AgentFlow.Protocol.Buffers;
using AgentFlow.Protocol.Crypto;
using AgentFlow.Protocol.Envelopes;
using AgentFlow.Protocol.Frames;

namespace AgentFlow.Protocol.Threads;

public sealed partial class ThreadMember
{
    /// <summary>Seals a plaintext in place, and moves the own chain on in memory.</summary>
    /// <param name="buffer">
    /// What <see cref="PlaintextWriter"/> finished: 192 spare bytes, then the padded plaintext. Afterwards it holds the whole envelope, or with
    /// <see cref="SealOptions.UsesBatchSignature"/> all but its trailer.
    /// </param>
    /// <param name="device">The own device key; not used, and may be null, with a batch signature.</param>
    /// <param name="options">Time, and how it is signed.</param>
    /// <returns>What to store beside the sealed bytes and this state.</returns>
    /// <exception cref="InvalidOperationException">
    /// The member is locked or may only read, the buffer is not a finished plaintext, or the key is another device's.
    /// </exception>
    [SkipLocalsInit]
    public SealedEnvelope Seal(PooledBuffer buffer, SigningKey? device, in SealOptions options)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        ArgumentNullException.ThrowIfNull(buffer);
        int padded = buffer.Length - EnvelopeHeader.Size;
        RequireSealable(buffer, padded, device, options);
        int frameCount = buffer.WrittenSpan[EnvelopeHeader.Size], bodyLength = padded + EnvelopeLayout.TagSize;
        int unsignedLength = EnvelopeHeader.Size + bodyLength;
        buffer.SetLength(options.UsesBatchSignature ? unsignedLength : unsignedLength + EnvelopeLayout.SignatureSize);
        var envelope = buffer.WrittenSpan[..unsignedLength];
        var epoch = Thread.Epoch;
        new EnvelopeHeaderWriter
        {
            Suite = epoch.Policy.Suite,
            Kind = frameCount == 0 ? EnvelopeKind.Heartbeat : EnvelopeKind.App,
            IsMultiFrame = frameCount > 1,
            IsBatchSigned = options.UsesBatchSignature,
            ThreadId = ThreadId,
            Epoch = epoch.Number,
            Leaf = Leaf,
            Generation = _sentGeneration + 1,
            SenderSeq = _sentSeq + 1,
            Previous = _sentDigest,
            AckSeq = (ulong)Thread.Position,
            AckHash = Thread.ThreadHash,
            Time = options.Time,
            BodyLength = bodyLength,
        }.Write(envelope);
        _random.Fill(envelope.Slice(EnvelopeLayout.NonceOffset, EnvelopeLayout.NonceSize));

        Span<byte> messageKey = stackalloc byte[MessageRatchet.KeySize];
        MessageRatchet.Step(ChainKey(_ownSlot), _sentGeneration + 1, Leaf, messageKey);
        Bytes32 commitmentKey = MessageBody.Seal(epoch.Context, messageKey, envelope);
        CryptographicOperations.ZeroMemory(messageKey);
        Bytes32 digest = EnvelopeDigest.Of(epoch.Context, envelope[..EnvelopeHeader.Size]);
        if (!options.UsesBatchSignature)
            EnvelopeSignature.Sign(device!, digest, buffer.WrittenSpan[unsignedLength..]);

        _sentGeneration++;
        _sentSeq++;
        _sentDigest = digest;
        _inFlight.Add(_sentSeq, digest);
        return new SealedEnvelope(digest, commitmentKey, epoch.Context, epoch.Number, _sentSeq, _sentGeneration);
    }

    private void RequireSealable(PooledBuffer buffer, int padded, SigningKey? device, in SealOptions options)
    {
        if (IsLocked)
            throw new InvalidOperationException("This member is locked until the next Commit: it has no key to seal with.");
        if (padded < Padding.SmallestLength || padded > Padding.LargestLength || Padding.PaddedLength(padded) != padded)
            throw new InvalidOperationException("The buffer does not hold a finished plaintext: write it with PlaintextWriter and call Finish.");
        if (!Entry.IsMember && buffer.WrittenSpan[EnvelopeHeader.Size] != 0)
            throw new InvalidOperationException("This leaf may only read: it sends heartbeats, which have no frame.");
        if (!options.UsesBatchSignature && (device is null || device.PublicKey != Entry.Device))
            throw new InvalidOperationException("Sign with the key of the device that is in the roster, or use a batch signature.");
    }
}
