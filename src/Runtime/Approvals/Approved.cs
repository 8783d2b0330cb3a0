namespace AgentFlow;

/// <summary>A request that enough people approved, whose votes were checked again just before the handler was called. User code cannot make one.</summary>
/// <typeparam name="T">The gated contract.</typeparam>
public sealed class Approved<T>
    where T : class
{
    internal Approved(T message, ApprovalEvidence evidence) => (Message, Evidence) = (message, evidence);

    /// <summary>The request, decoded from exactly the bytes that were approved.</summary>
    public T Message { get; }

    /// <summary>Who decided, on what, and when.</summary>
    public ApprovalEvidence Evidence { get; }
}

/// <summary>A request that people refused.</summary>
/// <typeparam name="T">The gated contract.</typeparam>
public sealed class Rejected<T>
    where T : class
{
    internal Rejected(T message, ApprovalEvidence evidence) => (Message, Evidence) = (message, evidence);

    /// <summary>The request.</summary>
    public T Message { get; }

    /// <summary>Who decided, on what, and when.</summary>
    public ApprovalEvidence Evidence { get; }
}

/// <summary>A request that was not approved in time.</summary>
/// <typeparam name="T">The gated contract.</typeparam>
public sealed class Expired<T>
    where T : class
{
    internal Expired(T message, ApprovalEvidence evidence) => (Message, Evidence) = (message, evidence);

    /// <summary>The request.</summary>
    public T Message { get; }

    /// <summary>What was asked, and the votes that came in time.</summary>
    public ApprovalEvidence Evidence { get; }
}

/// <summary>What stands behind a decision.</summary>
/// <param name="Id">The id of the approval: <c>apr_</c> and 26 base32 characters of the request's envelope digest.</param>
/// <param name="Digest">The digest that was signed, in the form <c>af1:</c> and 64 hexadecimal digits.</param>
/// <param name="Votes">The votes that count, by position.</param>
public sealed record ApprovalEvidence(string Id, string Digest, IReadOnlyList<ApprovalVote> Votes);

/// <summary>One person's signed answer.</summary>
/// <param name="Approver">The person.</param>
/// <param name="IsYes">Whether the answer is yes.</param>
/// <param name="IssuedAt">When the person says it was given.</param>
/// <param name="Reason">The reason given, or null.</param>
public sealed record ApprovalVote(AgentId Approver, bool IsYes, DateTimeOffset IssuedAt, string? Reason);
