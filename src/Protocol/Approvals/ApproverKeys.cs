using AgentFlow.Protocol.Identity;

namespace AgentFlow.Protocol.Approvals;

/// <summary>Rule 5 of the counting: what an identity log says about the key of a statement.</summary>
internal static class ApproverKeys
{
    /// <summary>Whether the key is an approver key at the head that the person named, and live at this log's newest entry.</summary>
    public static bool IsLive(IdentityLog log, ApprovalStatement statement) =>
        IsLiveAt(log, statement, log.HeadSeq);

    /// <summary>The same with revocations counted up to an entry only.</summary>
    /// <param name="log">The person's log.</param>
    /// <param name="statement">The statement.</param>
    /// <param name="asOfSeq">The entry up to which a revocation counts.</param>
    public static bool IsLiveAt(IdentityLog log, ApprovalStatement statement, uint asOfSeq)
    {
        if (log.Agent != statement.Approver || !log.TryFindHead(statement.LogHead, out uint namedSeq))
            return false;
        return IsApprover(log, statement, namedSeq) && IsApprover(log, statement, Math.Max(namedSeq, asOfSeq));
    }

    /// <summary>
    /// Whether no later entry of the log can make the statement count: the head that it names is known, and the key was no live approver key there, or is none now.
    /// </summary>
    public static bool CanNeverBeLive(IdentityLog? log, ApprovalStatement statement) =>
        IsHeadKnown(log, statement) && !IsLive(log!, statement);

    /// <summary>Whether the log that is held reaches to the head that the statement names.</summary>
    public static bool IsHeadKnown(IdentityLog? log, ApprovalStatement statement) => log is not null && log.TryFindHead(statement.LogHead, out _);

    private static bool IsApprover(IdentityLog log, ApprovalStatement statement, uint seq) =>
        log.TryGetKeyAt(seq, statement.ApproverKey, out var key) && key.Allows(KeyUsage.Approve)
        && (key.NotAfter == 0 || key.NotAfter >= statement.ExpiresAt);
}
