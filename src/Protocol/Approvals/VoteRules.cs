using AgentFlow.Protocol.Identity;
using AgentFlow.Protocol.Threads;

namespace AgentFlow.Protocol.Approvals;

/// <summary>The eight rules of counting (protocol.md 2.10), each asked by itself. Nothing here keeps state, and hostile values never overflow.</summary>
internal static class VoteRules
{
    /// <summary>How far in the future a statement may be issued, for clocks that differ.</summary>
    public const long ClockSkewMilliseconds = 300_000;

    /// <summary>The rules whose answer never changes: 1, 2, 4, 6, 8, and 3 as to the request's own policy. Asked once, when a statement comes in.</summary>
    /// <returns>The first one that it fails, or <see cref="VoteResult.Counts"/>.</returns>
    public static VoteResult CheckLasting(ApprovalRequest request, SignedApproval approval, long position, IApprovalFacts facts)
    {
        var statement = approval.Statement;
        if (statement.Thread != request.Thread)
            return VoteResult.Form;
        if (statement.RequestEnvelope != request.Envelope || statement.Subject != request.Subject)
            return VoteResult.Request;
        if (statement.Decision != Decision.Withdraw && !FitsRuleOfRequest(request, statement))
            return VoteResult.Rule;
        if (statement.Approver == request.Requester)
            return VoteResult.OwnRequest;
        if (statement.ThreadPosition < request.Position || statement.ThreadPosition >= position
            || !facts.TryGetThreadHash(statement.ThreadPosition, out var hash) || hash != statement.ThreadHash)
            return VoteResult.ThreadView;
        return approval.IsSignatureValid ? VoteResult.Counts : VoteResult.Signature;
    }

    /// <summary>Rule 3: rule and quorum are those of the request's policy; the person is listed there and in the current policy.</summary>
    public static bool FitsRules(ApprovalRequest request, ApprovalStatement statement, ThreadPolicy currentPolicy) =>
        FitsRuleOfRequest(request, statement)
        && EffectiveRule.Find(currentPolicy, request, statement.RuleId) is { } current && current.Allows(statement.Approver);

    /// <summary>Rule 5: the key has usage 2 at the head that the person named, that head is on the log held, and the key is live there.</summary>
    public static bool HasLiveKey(ApprovalStatement statement, IIdentitySource identities) =>
        identities.Find(statement.Approver) is { } log && ApproverKeys.IsLive(log, statement);

    /// <summary>Rule 7, asked of a yes at the moment of counting.</summary>
    public static bool IsInTime(ApprovalStatement statement, EffectiveRule rule, long now) =>
        !IsIssuedAfter(statement, now) && now < statement.ExpiresAt && HasLegalLifetime(statement, rule.MaxLifetimeSeconds);

    /// <summary>Whether a statement comes from the future, so that it may count later.</summary>
    public static bool IsIssuedAfter(ApprovalStatement statement, long now) => (Int128)statement.IssuedAt > (Int128)now + ClockSkewMilliseconds;

    /// <summary>Whether a statement is not valid for longer than its rule allows.</summary>
    public static bool HasLegalLifetime(ApprovalStatement statement, uint maxLifetimeSeconds) =>
        (Int128)statement.ExpiresAt - statement.IssuedAt <= (Int128)maxLifetimeSeconds * 1000;

    private static bool FitsRuleOfRequest(ApprovalRequest request, ApprovalStatement statement) =>
        EffectiveRule.Find(request.Policy, request, statement.RuleId) is { } rule
        && rule.Quorum == statement.Quorum && rule.Allows(statement.Approver);
}
