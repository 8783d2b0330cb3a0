using AgentFlow;
using AgentFlow.Protocol.Approvals;
using AgentFlow.Protocol.Codec;
using AgentFlow.Protocol.Proofs;

namespace ReleaseTrain.Cli;

/// <summary>Verifies receipts offline: it opens no store and needs no key, only whom to trust.</summary>
public static class ReceiptVerification
{
    /// <summary>Reads the agent ids of a trust file, one a line.</summary>
    /// <exception cref="FormatException">A line is no agent id.</exception>
    public static IReadOnlyCollection<AgentId> ReadTrust(string path) =>
        [.. File.ReadLines(path).Select(line => line.Trim()).Where(line => line.Length > 0 && line[0] != '#').Select(line => AgentId.Parse(line))];

    /// <summary>What a receipt proves, or why it proves nothing.</summary>
    public static (ReportVerification? Verification, ReportError? Error) Verify(byte[] receipt, IReadOnlyCollection<AgentId> trusted)
    {
        var verdict = ProofVerifier.Verify(receipt, new ProofExpectations { Approvers = trusted });
        if (verdict.Proof is not { } proof)
            return (null, Refuse($"{verdict.Refusal} ({verdict.Detail})"));
        if (proof.SchemaHash != Deploy.AgentFlowDescriptor.SchemaHash)
            return (null, Refuse("it is about another contract"));
        var reader = new ProtobufReader(proof.Payload.Span);
        if (Deploy.AgentFlowDescriptor.ReadProtobuf(ref reader) is not Deploy deploy)
            return (null, Refuse("its payload cannot be read"));
        return (new ReportVerification(
            proof.Request.Thread.ToString(),
            ApprovalDigest.ToText(proof.Request.Subject),
            proof.Decision == ProvenDecision.Approved ? "approved" : "rejected",
            [.. proof.Votes.Select(vote => $"{vote.Approver} {vote.Decision.ToString().ToLowerInvariant()}")],
            Deploy.AgentFlowDescriptor.ToString(),
            Deploy.AgentFlowDescriptor.Describe(deploy).ToDictionary(member => member.Name, member => member.Text)), null);
    }

    private static ReportError Refuse(string reason) =>
        new("receipt.invalid", $"The receipt proves nothing: {reason}.", "Get the receipt again from where the decision was made.");
}
