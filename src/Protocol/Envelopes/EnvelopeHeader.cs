using System.Buffers.Binary;

namespace AgentFlow.Protocol.Envelopes;

/// <summary>The 192 bytes in front of every envelope, as a view.</summary>
/// <remarks>Reference: protocol.md 2.7. Nothing is verified by reading it.</remarks>
public readonly ref struct EnvelopeHeader
{
    /// <summary>The size in bytes.</summary>
    public const int Size = 192;

    /// <summary>Views a header.</summary>
    /// <param name="bytes">At least 192 bytes; the rest is ignored.</param>
    /// <exception cref="ArgumentOutOfRangeException">There are fewer.</exception>
    public EnvelopeHeader(ReadOnlySpan<byte> bytes) => Bytes = bytes[..Size];

    /// <summary>The 192 bytes.</summary>
    public ReadOnlySpan<byte> Bytes { get; }

    /// <summary>The suite.</summary>
    public byte Suite => Bytes[3];

    /// <summary>What the envelope is.</summary>
    public EnvelopeKind Kind => (EnvelopeKind)Bytes[EnvelopeLayout.KindOffset];

    /// <summary>Whether it has more than one frame.</summary>
    public bool IsMultiFrame => (Bytes[EnvelopeLayout.FlagsOffset] & EnvelopeLayout.MultiFrameFlag) != 0;

    /// <summary>Whether it is signed through a batch path.</summary>
    public bool IsBatchSigned => (Bytes[EnvelopeLayout.FlagsOffset] & EnvelopeLayout.BatchFlag) != 0;

    /// <summary>The thread.</summary>
    public ThreadId ThreadId => new(Bytes.Slice(EnvelopeLayout.ThreadIdOffset, 32));

    /// <summary>The epoch in which it was sealed.</summary>
    public ulong Epoch => BinaryPrimitives.ReadUInt64LittleEndian(Bytes[EnvelopeLayout.EpochOffset..]);

    /// <summary>The leaf of the sending device.</summary>
    public uint Leaf => BinaryPrimitives.ReadUInt32LittleEndian(Bytes[EnvelopeLayout.LeafOffset..]);

    /// <summary>The step of the sender's ratchet; 0 in a Commit.</summary>
    public uint Generation => BinaryPrimitives.ReadUInt32LittleEndian(Bytes[EnvelopeLayout.GenerationOffset..]);

    /// <summary>The number of this envelope among those of its device in this thread, from 1.</summary>
    public ulong SenderSeq => BinaryPrimitives.ReadUInt64LittleEndian(Bytes[EnvelopeLayout.SenderSeqOffset..]);

    /// <summary>The digest E of the sender's envelope before this one.</summary>
    public Bytes32 Previous => new(Bytes.Slice(EnvelopeLayout.PreviousOffset, 32));

    /// <summary>The position up to which the sender has verified the thread.</summary>
    public ulong AckSeq => BinaryPrimitives.ReadUInt64LittleEndian(Bytes[EnvelopeLayout.AckSeqOffset..]);

    /// <summary>The thread hash at that position.</summary>
    public Bytes32 AckHash => new(Bytes.Slice(EnvelopeLayout.AckHashOffset, 32));

    /// <summary>The sender's clock in Unix milliseconds: a claim.</summary>
    public long Time => BinaryPrimitives.ReadInt64LittleEndian(Bytes[EnvelopeLayout.TimeOffset..]);

    /// <summary>The size of the body in bytes, as the header says.</summary>
    public uint BodyLength => BinaryPrimitives.ReadUInt32LittleEndian(Bytes[EnvelopeLayout.BodyLengthOffset..]);

    /// <summary>The commitment C.</summary>
    public Bytes32 Commitment => new(Bytes.Slice(EnvelopeLayout.CommitmentOffset, 32));

    internal ReadOnlySpan<byte> Nonce => Bytes.Slice(EnvelopeLayout.NonceOffset, EnvelopeLayout.NonceSize);

    /// <summary>The part of the header that C covers.</summary>
    internal ReadOnlySpan<byte> CommittedBytes => Bytes[..EnvelopeLayout.CommitmentOffset];
}
