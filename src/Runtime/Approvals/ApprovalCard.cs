using AgentFlow.SourceGeneration;

namespace AgentFlow;

/// <summary>How an approval stands.</summary>
public enum ApprovalStatus
{
    /// <summary>It waits for people.</summary>
    Pending = 0,

    /// <summary>Enough people said yes, and the executing agent has taken it.</summary>
    Approved = 1,

    /// <summary>It was refused.</summary>
    Refused = 2,

    /// <summary>Nobody answered in time.</summary>
    Expired = 3,
}

/// <summary>What a person needs to know before deciding.</summary>
/// <param name="Id">The id: <c>apr_</c> and 26 base32 characters.</param>
/// <param name="Digest">What a decision signs: <c>af1:</c> and 64 hexadecimal digits. Pass it back with the decision.</param>
/// <param name="Thread">The thread.</param>
/// <param name="Position">The position of the request.</param>
/// <param name="Contract">The contract, as <c>name@version</c>.</param>
/// <param name="Summary">The sentence of <c>[Summary]</c>, filled from the request itself.</param>
/// <param name="Members">The members as text, sensitive ones masked, with their present values.</param>
/// <param name="Requester">The agent that asks, as its signature proves.</param>
/// <param name="RequesterName">Its name.</param>
/// <param name="Requirements">Who must say yes.</param>
/// <param name="RequestedAt">When it was asked.</param>
/// <param name="ExpiresAt">When it ends without an answer.</param>
/// <param name="Status">How it stands.</param>
/// <param name="Votes">The votes that count, by position.</param>
public sealed record ApprovalCard(
    string Id, string Digest, ThreadId Thread, long Position, string Contract, string Summary, IReadOnlyList<MemberText> Members, AgentId Requester,
    string RequesterName, IReadOnlyList<ApprovalNeed> Requirements, DateTimeOffset RequestedAt, DateTimeOffset ExpiresAt, ApprovalStatus Status,
    IReadOnlyList<ApprovalVote> Votes);

/// <summary>One requirement of an approval.</summary>
/// <param name="Role">The role.</param>
/// <param name="Quorum">How many distinct people must say yes.</param>
/// <param name="Approvers">Who may answer.</param>
public sealed record ApprovalNeed(string Role, int Quorum, IReadOnlyList<AgentId> Approvers);
