namespace AgentFlow;

/// <summary>How a decision was taken in.</summary>
public enum DecisionStatus
{
    /// <summary>The signed answer is durable and stands in the thread.</summary>
    Recorded = 0,

    /// <summary>The digest is not that of the request: read it again, then decide.</summary>
    StaleDigest = 1,

    /// <summary>The request was decided before, or this person has answered: see <see cref="DecisionResult.FirstDecision"/>.</summary>
    AlreadyDecided = 2,

    /// <summary>The person may not answer: it is not listed, asks itself, or its key is not in this process.</summary>
    NotAllowed = 3,

    /// <summary>The request has expired.</summary>
    Expired = 4,

    /// <summary>No person of this process sees such a request.</summary>
    NotFound = 5,
}

/// <summary>The answer to a decision.</summary>
/// <param name="Status">How it was taken in.</param>
/// <param name="Approval">The approval as it stands now, or null where it is unknown.</param>
/// <param name="FirstDecision">The vote that came first, where the status is <see cref="DecisionStatus.AlreadyDecided"/>.</param>
public sealed record DecisionResult(DecisionStatus Status, ApprovalCard? Approval, ApprovalVote? FirstDecision)
{
    /// <summary>Whether the answer counts.</summary>
    public bool IsRecorded => Status == DecisionStatus.Recorded;
}
