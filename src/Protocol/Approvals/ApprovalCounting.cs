using AgentFlow.Protocol.Threads;

namespace AgentFlow.Protocol.Approvals;

/// <summary>A statement that passed the lasting rules, at its position.</summary>
/// <param name="Position">The position.</param>
/// <param name="Approval">The statement.</param>
/// <param name="IsFinal">Whether it is a withdrawal that counted when it came in: it counts for good, even if its key is revoked later.</param>
internal readonly record struct BookedStatement(long Position, SignedApproval Approval, bool IsFinal);

/// <summary>Counts the statements of one request as of now: first the withdrawals, then one vote a person, then every rule.</summary>
internal static class ApprovalCounting
{
    public static ApprovalTally Count(ApprovalRequest request, IEnumerable<BookedStatement> statements, IApprovalFacts facts, long now)
    {
        var current = facts.CurrentPolicy;
        BookedStatement[] byPosition = [.. statements];
        HashSet<AgentId> withdrawn =
        [
            .. byPosition.Where(s => IsWithdrawal(s) && (s.IsFinal || VoteRules.HasLiveKey(s.Approval.Statement, facts)))
                .Select(s => s.Approval.Statement.Approver),
        ];
        Dictionary<AgentId, CountedVote> votes = [];
        foreach (var booked in byPosition)
        {
            var statement = booked.Approval.Statement;
            if (IsWithdrawal(booked) || withdrawn.Contains(statement.Approver) || votes.ContainsKey(statement.Approver)
                || !VoteRules.FitsRules(request, statement, current) || !VoteRules.HasLiveKey(statement, facts))
                continue;
            var rule = EffectiveRule.Of(request, current, statement.RuleId)!.Value;
            votes.Add(statement.Approver, new CountedVote(booked.Position, booked.Approval, Standing(statement, rule, now)));
        }

        return Judge(request, current, [.. votes.Values], withdrawn);
    }

    /// <summary>What a vote is worth at a time.</summary>
    public static VoteStanding Standing(ApprovalStatement statement, EffectiveRule rule, long now)
    {
        if (statement.Decision != Decision.Yes || VoteRules.IsInTime(statement, rule, now))
            return VoteStanding.Counts;
        bool mayComeYet = VoteRules.IsIssuedAfter(statement, now) && now < statement.ExpiresAt
            && VoteRules.HasLegalLifetime(statement, rule.MaxLifetimeSeconds);
        return mayComeYet ? VoteStanding.NotYet : VoteStanding.Expired;
    }

    private static bool IsWithdrawal(BookedStatement booked) => booked.Approval.Statement.Decision == Decision.Withdraw;

    private static ApprovalTally Judge(ApprovalRequest request, ThreadPolicy current, List<CountedVote> votes, HashSet<AgentId> withdrawn)
    {
        votes.Sort(static (left, right) => left.Position.CompareTo(right.Position));
        List<RuleTally> rules = [];
        bool isRefused = false, isMet = true, isImpossible = false, isExhausted = false;
        foreach (var currentRule in current.RulesFor(request.Contract, request.Major))
        {
            var ofRule = votes.Where(v => v.Approval.Statement.RuleId == currentRule.RuleId).ToList();
            int yes = ofRule.Count(v => v.Decision == Decision.Yes && v.Standing == VoteStanding.Counts);
            if (EffectiveRule.Of(request, current, currentRule.RuleId) is not { } rule)
            {
                rules.Add(new RuleTally(currentRule.RuleId, currentRule.Quorum, 0));
                isMet = false;
                isImpossible = true;
                continue;
            }

            rules.Add(new RuleTally(currentRule.RuleId, rule.Quorum, yes));
            isRefused |= rule.DenyEnds && ofRule.Any(v => v.Decision == Decision.No);
            isMet &= yes >= rule.Quorum;
            int possible = ofRule.Count(v => v.Decision == Decision.Yes && v.Standing != VoteStanding.Expired)
                + currentRule.Approvers.Count(a => rule.Lists(a) && a != request.Requester && !withdrawn.Contains(a) && votes.All(v => v.Approver != a));
            isExhausted |= possible < rule.Quorum;
        }

        var status = isRefused ? ApprovalStatus.Refused
            : rules.Count == 0 || isImpossible ? ApprovalStatus.Impossible
            : isExhausted ? ApprovalStatus.Exhausted
            : isMet ? ApprovalStatus.Met
            : ApprovalStatus.Pending;
        long? validUntil = votes.Where(v => v.Decision == Decision.Yes && v.Standing == VoteStanding.Counts)
            .Select(v => (long?)v.Approval.Statement.ExpiresAt).Min();
        return new ApprovalTally(status, votes, rules, validUntil);
    }
}
