namespace AgentFlow.Protocol.Approvals;

/// <summary>How a request stands.</summary>
public enum ApprovalStatus
{
    /// <summary>Votes are missing, and may still come.</summary>
    Pending = 0,

    /// <summary>Every rule of the current policy is met.</summary>
    Met = 1,

    /// <summary>A no ended it.</summary>
    Refused = 2,

    /// <summary>It can never be met: a rule of the current policy is missing in the request's, or there is no rule at all. Send a new request.</summary>
    Impossible = 3,

    /// <summary>Too few people are left who could still say yes; a yes that expired uses its vote up too. Send a new request.</summary>
    Exhausted = 4,
}

/// <summary>What a counted vote is worth now.</summary>
public enum VoteStanding
{
    /// <summary>It counts.</summary>
    Counts = 0,

    /// <summary>A yes that is issued in the future: it may count later.</summary>
    NotYet = 1,

    /// <summary>A yes that has expired, or was made for longer than the policy allows: it never counts again.</summary>
    Expired = 2,
}

/// <summary>The one vote of a person.</summary>
/// <param name="Position">The position at which it stands in the thread.</param>
/// <param name="Approval">What was signed.</param>
/// <param name="Standing">What it is worth now.</param>
public sealed record CountedVote(long Position, SignedApproval Approval, VoteStanding Standing)
{
    /// <summary>The person.</summary>
    public AgentId Approver => Approval.Statement.Approver;

    /// <summary>The answer: yes, no or abstain.</summary>
    public Decision Decision => Approval.Statement.Decision;
}

/// <summary>How far one rule is.</summary>
/// <param name="RuleId">The rule.</param>
/// <param name="Needed">How many people must say yes: the larger quorum of both policies.</param>
/// <param name="Yes">How many do.</param>
public sealed record RuleTally(byte RuleId, int Needed, int Yes);

/// <summary>The result of counting: a function of the statements, the policies, the logs and the time, and of nothing else.</summary>
/// <param name="Status">How the request stands.</param>
/// <param name="Votes">The one vote of each person who has one, by position.</param>
/// <param name="Rules">The rules of the current policy for the contract.</param>
/// <param name="ValidUntil">When the first yes that counts ends to count, in Unix milliseconds; null where none counts.</param>
public sealed record ApprovalTally(ApprovalStatus Status, IReadOnlyList<CountedVote> Votes, IReadOnlyList<RuleTally> Rules, long? ValidUntil);
