namespace AgentFlow.Protocol.Envelopes;

/// <summary>Offsets and sizes of an envelope.</summary>
/// <remarks>Reference: protocol.md 2.7.</remarks>
internal static class EnvelopeLayout
{
    public const byte MultiFrameFlag = 1;
    public const byte BatchFlag = 4;
    public const int KindOffset = 4;
    public const int FlagsOffset = 5;
    public const int ThreadIdOffset = 8;
    public const int EpochOffset = 40;
    public const int LeafOffset = 48;
    public const int GenerationOffset = 52;
    public const int SenderSeqOffset = 56;
    public const int PreviousOffset = 64;
    public const int AckSeqOffset = 96;
    public const int AckHashOffset = 104;
    public const int TimeOffset = 136;
    public const int NonceOffset = 144;
    public const int NonceSize = 12;
    public const int BodyLengthOffset = 156;
    public const int CommitmentOffset = 160;
    public const int TagSize = 16;
    public const int SignatureSize = 64;
    public const int MaximumDepth = 8;

    /// <summary>A sender may skip at most this many generations less one.</summary>
    public const uint MaximumGenerationStep = 1024;

    public static int TrailerSize(bool isBatch, int depth) => isBatch ? 2 + (32 * depth) + SignatureSize : SignatureSize;
}
