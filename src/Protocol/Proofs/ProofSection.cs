namespace AgentFlow.Protocol.Proofs;

/// <summary>The types of the sections of a proof file, and how large each may be.</summary>
internal static class ProofSection
{
    public const ushort IdentityLog = 1;
    public const ushort Commits = 2;
    public const ushort Request = 3;
    public const ushort Approval = 4;
    public const ushort Run = 5;

    /// <summary>The most bytes of a file: room for the logs of a full thread, its Commits, and a run of some 200,000 positions.</summary>
    public const int MaximumFileSize = 16 << 20;

    public const int FileHeaderSize = 8;
    public const int SectionHeaderSize = 6;
    public const int ApprovalSize = 392;
    public const int RunFixedSize = 40;
    public const int RequestFixedSize = 192 + 32 + 32 + 4;

    /// <summary>"AFPR", version 1, three zero bytes.</summary>
    public static ReadOnlySpan<byte> FileHeader => "AFPR\u0001\0\0\0"u8;
}
