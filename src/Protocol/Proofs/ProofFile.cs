using System.Buffers.Binary;

namespace AgentFlow.Protocol.Proofs;

/// <summary>The sections of a proof file, in format only.</summary>
/// <remarks>
/// Reference: protocol.md 2.10. Logs, then one section of Commits, one request, at least one approval, at most one run; the order within a type is checked
/// with its content.
/// </remarks>
internal sealed class ProofFile
{
    private ProofFile(
        List<ReadOnlyMemory<byte>> identityLogs,
        ReadOnlyMemory<byte> commits,
        ReadOnlyMemory<byte> request,
        List<ReadOnlyMemory<byte>> approvals,
        ReadOnlyMemory<byte>? run)
    {
        IdentityLogs = identityLogs;
        Commits = commits;
        Request = request;
        Approvals = approvals;
        Run = run;
    }

    public IReadOnlyList<ReadOnlyMemory<byte>> IdentityLogs { get; }

    public ReadOnlyMemory<byte> Commits { get; }

    public ReadOnlyMemory<byte> Request { get; }

    public IReadOnlyList<ReadOnlyMemory<byte>> Approvals { get; }

    public ReadOnlyMemory<byte>? Run { get; }

    public static bool TryRead(ReadOnlyMemory<byte> file, out ProofFile? proof, out ProofRefusal refusal)
    {
        proof = null;
        refusal = ProofRefusal.Format;
        if (file.Length > ProofSection.MaximumFileSize || !file.Span.StartsWith(ProofSection.FileHeader))
            return false;
        refusal = ProofRefusal.Sections;
        var byType = new List<ReadOnlyMemory<byte>>[ProofSection.Run + 1];
        for (int type = 0; type < byType.Length; type++)
            byType[type] = [];
        var rest = file[ProofSection.FileHeaderSize..];
        int previous = ProofSection.IdentityLog;
        while (!rest.IsEmpty)
        {
            if (rest.Length < ProofSection.SectionHeaderSize)
                return false;
            int type = BinaryPrimitives.ReadUInt16LittleEndian(rest.Span);
            uint length = BinaryPrimitives.ReadUInt32LittleEndian(rest.Span[2..]);
            rest = rest[ProofSection.SectionHeaderSize..];
            if (type < previous || type > ProofSection.Run || length > (uint)rest.Length)
                return false;
            byType[type].Add(rest[..(int)length]);
            rest = rest[(int)length..];
            previous = type;
        }

        if (byType[ProofSection.Commits].Count != 1 || byType[ProofSection.Request].Count != 1 || byType[ProofSection.Run].Count > 1)
            return false;
        refusal = ProofRefusal.None;
        proof = new ProofFile(
            byType[ProofSection.IdentityLog],
            byType[ProofSection.Commits][0],
            byType[ProofSection.Request][0],
            byType[ProofSection.Approval],
            byType[ProofSection.Run] is [var run] ? run : (ReadOnlyMemory<byte>?)null);
        return true;
    }
}
