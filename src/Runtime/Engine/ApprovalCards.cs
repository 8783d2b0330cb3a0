using AgentFlow.Contracts;
using AgentFlow.Protocol.Approvals;
using AgentFlow.Store;

namespace AgentFlow.Engine;

/// <summary>Draws what people see of a request, from the very bytes that a decision signs.</summary>
internal static class ApprovalCards
{
    public static ApprovalEvidence EvidenceOf(ApprovalFile file, IApprovalFacts facts, DateTimeOffset now) =>
        new(file.Id, ApprovalDigest.ToText(file.Request.Subject), VotesOf(file, facts, now));

    public static IReadOnlyList<ApprovalVote> VotesOf(ApprovalFile file, IApprovalFacts facts, DateTimeOffset now) =>
        [.. file.Book.Evaluate(facts, now.ToUnixTimeMilliseconds()).Votes.Where(vote => vote.Decision is Decision.Yes or Decision.No).Select(ToVote)];

    public static ApprovalCard? Draw(
        ApprovalFile file, HistoryRow? row, ContractCatalogue catalogue, IApprovalFacts facts, Func<AgentId, string> nameOf, DateTimeOffset now)
    {
        var request = file.Request;
        if (row?.Record is null || OpenedFrame.Read(row.Record) is not [var frame] || !catalogue.TryFind(request.Contract, request.Major, out var contract)
            || contract.Decoder.ReadGated(frame.View.Payload) is not { } message)
            return null;
        return new ApprovalCard(
            file.Id, ApprovalDigest.ToText(ApprovalDigest.Compute(frame.View)), request.Thread, request.Position, contract.ToString(), contract.Descriptor.Summarize(message),
            contract.Descriptor.Describe(message), request.Requester, nameOf(request.Requester), [.. NeedsOf(request, contract)], file.RequestedAt, file.ExpiresAt,
            StatusOf(file, now), VotesOf(file, facts, now));
    }

    public static ApprovalStatus StatusOf(ApprovalFile file, DateTimeOffset now) => file.Verdict switch
    {
        ApprovalVerdict.Approved or ApprovalVerdict.Elsewhere => ApprovalStatus.Approved,
        ApprovalVerdict.Refused => ApprovalStatus.Refused,
        ApprovalVerdict.Expired => ApprovalStatus.Expired,
        _ => file.OwnClaim is null && now >= file.ExpiresAt ? ApprovalStatus.Expired : ApprovalStatus.Pending,
    };

    private static IEnumerable<ApprovalNeed> NeedsOf(ApprovalRequest request, ContractEntry contract) => request.Rules.Select(rule =>
        new ApprovalNeed(
            contract.Descriptor.Approvals.FirstOrDefault(need => need.RuleId == rule.RuleId)?.Role ?? $"rule {rule.RuleId}", rule.Quorum, rule.Approvers));

    private static ApprovalVote ToVote(CountedVote vote) => new(
        vote.Approver, vote.Decision == Decision.Yes, ClaimedTime.Of(vote.Approval.Statement.IssuedAt), vote.Approval.Reason);
}
