namespace AgentFlow.Protocol.Approvals;

/// <summary>What became of a statement: it counts, or which rule of the counting it fails first. The numbers 1 to 8 are those of protocol.md 2.10.</summary>
public enum VoteResult
{
    /// <summary>It counts as things stand now.</summary>
    Counts = 0,

    /// <summary>Rule 1: it is malformed, or of another thread.</summary>
    Form = 1,

    /// <summary>Rule 2: it is about another request, or about other content.</summary>
    Request = 2,

    /// <summary>Rule 3: no such rule, another quorum, or the person is not listed in both policies.</summary>
    Rule = 3,

    /// <summary>Rule 4: the person is the requester.</summary>
    OwnRequest = 4,

    /// <summary>Rule 5: the key is not a live approver key of the person's log, or the log is not known that far.</summary>
    Key = 5,

    /// <summary>Rule 6: the person did not see the request in this thread.</summary>
    ThreadView = 6,

    /// <summary>Rule 7: issued in the future, expired, or valid for longer than the policy allows.</summary>
    Time = 7,

    /// <summary>Rule 8: the signature does not verify.</summary>
    Signature = 8,

    /// <summary>The same statement stands at a lower position already.</summary>
    Copy = 9,

    /// <summary>The person has voted already; only the first vote counts.</summary>
    LaterVote = 10,

    /// <summary>The person has withdrawn; no vote of that person counts any more.</summary>
    Withdrawn = 11,
}
