using AgentFlow.Protocol.Approvals;

namespace AgentFlow.Protocol.Proofs;

/// <summary>The verdict on a proof file.</summary>
/// <param name="Refusal">Why it is refused, or <see cref="ProofRefusal.None"/>.</param>
/// <param name="Detail">The protocol error behind the refusal, where there is one.</param>
/// <param name="Vote">The rule of counting that a statement fails, where that is the refusal.</param>
/// <param name="Proof">What is proven; null where the file is refused.</param>
public sealed record ProofVerdict(ProofRefusal Refusal, ProtocolError Detail, VoteResult Vote, VerifiedProof? Proof)
{
    /// <summary>Whether the file proves a decision.</summary>
    public bool IsValid => Proof is not null;
}

/// <summary>How the people decided.</summary>
public enum ProvenDecision
{
    /// <summary>Every rule of the policy is met.</summary>
    Approved = 1,

    /// <summary>A no ended the request.</summary>
    Refused = 2,
}

/// <summary>What a proof file proves.</summary>
public sealed record VerifiedProof
{
    /// <summary>How the people decided.</summary>
    public required ProvenDecision Decision { get; init; }

    /// <summary>The request, with the policy that its thread had.</summary>
    public required ApprovalRequest Request { get; init; }

    /// <summary>The agent that started the thread.</summary>
    public required AgentId Creator { get; init; }

    /// <summary>The schema that the payload is encoded with.</summary>
    public required Bytes32 SchemaHash { get; init; }

    /// <summary>The payload that was decided on.</summary>
    public required ReadOnlyMemory<byte> Payload { get; init; }

    /// <summary>When the request was sealed, in Unix milliseconds, by the sender's clock.</summary>
    public required long RequestedAt { get; init; }

    /// <summary>The statements, ascending by person; times in them are by the signers' clocks.</summary>
    public required IReadOnlyList<ApprovalStatement> Votes { get; init; }

    /// <summary>
    /// Whether the file also proves where the request stands in the thread that the people saw. <see cref="ApprovalRequest.Position"/> is that position then,
    /// and otherwise 1, which means nothing.
    /// </summary>
    public required bool IsOrderProven { get; init; }
}
