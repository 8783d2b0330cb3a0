using System.Buffers.Binary;
using AgentFlow.Protocol.Approvals;

namespace AgentFlow.Protocol.Proofs;

/// <summary>The statements of a proof file: each true, one a person, ascending by person; and what they decide together.</summary>
/// <remarks>
/// The rules are those of the counting, with the policy of the request's epoch as the current one. The time of counting is not known, so of rule 7 remains that
/// a yes is not valid for longer than its rule allows.
/// </remarks>
internal static class ProofVotes
{
    public static bool TryRead(
        IReadOnlyList<ReadOnlyMemory<byte>> sections,
        ApprovalRequest request,
        ProofThread thread,
        ProofIdentities identities,
        IReadOnlyCollection<AgentId>? expectedApprovers,
        out List<ApprovalStatement> votes,
        out ProofRefusal refusal,
        out VoteResult failedRule)
    {
        votes = [];
        refusal = ProofRefusal.None;
        failedRule = VoteResult.Counts;
        foreach (var section in sections)
        {
            refusal = ProofRefusal.Statement;
            failedRule = VoteResult.Form;
            if (section.Length != ProofSection.ApprovalSize || !SignedApproval.TryParse(section.Span[..SignedApproval.SignedSize], out var approval, out _))
                return false;
            var statement = approval!.Statement;
            if (votes.Count > 0 && statement.Approver.CompareTo(votes[^1].Approver) <= 0)
                return false;
            refusal = ProofRefusal.Vote;
            failedRule = CheckRules(request, thread, identities, approval);
            if (failedRule != VoteResult.Counts)
                return false;
            refusal = ProofRefusal.Withdrawn;
            failedRule = VoteResult.Withdrawn;
            if (statement.Decision == Decision.Withdraw)
                return false;
            failedRule = VoteResult.Counts;
            refusal = ProofRefusal.UnexpectedApprover;
            if (expectedApprovers is not null && !expectedApprovers.Contains(statement.Approver))
                return false;

            // Nothing in the file shows where the vote stands, so only one value says the truth: the first position that its thread hash allows.
            refusal = ProofRefusal.Position;
            if (statement.ThreadPosition < 1
                || BinaryPrimitives.ReadUInt64LittleEndian(section.Span[SignedApproval.SignedSize..]) != (ulong)statement.ThreadPosition + 1)
                return false;
            refusal = ProofRefusal.None;
            votes.Add(statement);
        }

        return true;
    }

    /// <summary>What the votes decide, or null.</summary>
    public static ProvenDecision? Decide(ApprovalRequest request, IReadOnlyList<ApprovalStatement> votes)
    {
        bool isMet = request.Rules.Any(), isRefused = false;
        foreach (var rule in request.Rules)
        {
            isMet &= votes.Count(v => v.RuleId == rule.RuleId && v.Decision == Decision.Yes) >= rule.Quorum;
            isRefused |= rule.DenyEnds && votes.Any(v => v.RuleId == rule.RuleId && v.Decision == Decision.No);
        }

        return isRefused ? ProvenDecision.Refused : isMet ? ProvenDecision.Approved : null;
    }

    private static VoteResult CheckRules(ApprovalRequest request, ProofThread thread, ProofIdentities identities, SignedApproval approval)
    {
        var statement = approval.Statement;
        if (statement.Thread != request.Thread)
            return VoteResult.Form;
        if (statement.RequestEnvelope != request.Envelope || statement.Subject != request.Subject)
            return VoteResult.Request;
        if (statement.Decision != Decision.Withdraw && !VoteRules.FitsRules(request, statement, request.Policy))
            return VoteResult.Rule;
        if (statement.Approver == request.Requester)
            return VoteResult.OwnRequest;
        if (identities.Find(statement.Approver) is not { } log || !ApproverKeys.IsLiveAt(log, statement, thread.NamedSeqOf(statement.Approver)))
            return VoteResult.Key;
        if (statement.Decision == Decision.Yes
            && (statement.ExpiresAt <= statement.IssuedAt
                || !VoteRules.HasLegalLifetime(statement, request.Policy.FindRule(request.Contract, request.Major, statement.RuleId)!.MaxLifetimeSeconds)))
            return VoteResult.Time;
        return approval.IsSignatureValid ? VoteResult.Counts : VoteResult.Signature;
    }
}
