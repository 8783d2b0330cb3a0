using System.Buffers.Binary;

namespace AgentFlow.Protocol.Envelopes;

/// <summary>The fields of a header that is about to be written; nonce and C are written later, in place.</summary>
internal readonly struct EnvelopeHeaderWriter
{
    public required byte Suite { get; init; }

    public required EnvelopeKind Kind { get; init; }

    public required bool IsMultiFrame { get; init; }

    public required bool IsBatchSigned { get; init; }

    public required ThreadId ThreadId { get; init; }

    public required ulong Epoch { get; init; }

    public required uint Leaf { get; init; }

    public required uint Generation { get; init; }

    public required ulong SenderSeq { get; init; }

    public required Bytes32 Previous { get; init; }

    public required ulong AckSeq { get; init; }

    public required Bytes32 AckHash { get; init; }

    public required long Time { get; init; }

    public required int BodyLength { get; init; }

    /// <summary>Writes bytes 0 to 160 with a zero nonce, and zeroes C.</summary>
    public void Write(Span<byte> header)
    {
        header[..EnvelopeHeader.Size].Clear();
        "AF\x01"u8.CopyTo(header);
        header[3] = Suite;
        header[EnvelopeLayout.KindOffset] = (byte)Kind;
        header[EnvelopeLayout.FlagsOffset] = (byte)((IsMultiFrame ? EnvelopeLayout.MultiFrameFlag : 0) | (IsBatchSigned ? EnvelopeLayout.BatchFlag : 0));
        header[6] = EnvelopeHeader.Size;
        ThreadId.Span.CopyTo(header[EnvelopeLayout.ThreadIdOffset..]);
        BinaryPrimitives.WriteUInt64LittleEndian(header[EnvelopeLayout.EpochOffset..], Epoch);
        BinaryPrimitives.WriteUInt32LittleEndian(header[EnvelopeLayout.LeafOffset..], Leaf);
        BinaryPrimitives.WriteUInt32LittleEndian(header[EnvelopeLayout.GenerationOffset..], Generation);
        BinaryPrimitives.WriteUInt64LittleEndian(header[EnvelopeLayout.SenderSeqOffset..], SenderSeq);
        Previous.Span.CopyTo(header[EnvelopeLayout.PreviousOffset..]);
        BinaryPrimitives.WriteUInt64LittleEndian(header[EnvelopeLayout.AckSeqOffset..], AckSeq);
        AckHash.Span.CopyTo(header[EnvelopeLayout.AckHashOffset..]);
        BinaryPrimitives.WriteInt64LittleEndian(header[EnvelopeLayout.TimeOffset..], Time);
        BinaryPrimitives.WriteInt32LittleEndian(header[EnvelopeLayout.BodyLengthOffset..], BodyLength);
    }
}
