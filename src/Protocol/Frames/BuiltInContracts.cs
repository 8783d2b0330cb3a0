namespace AgentFlow.Protocol.Frames;

/// <summary>The contracts that the protocol itself defines: major 1, minor 0, raw codec, schema hash zero.</summary>
/// <remarks>Reference: protocol.md 2.8, which is their schema. Safe to share between threads.</remarks>
public static class BuiltInContracts
{
    /// <summary>The version of all of them.</summary>
    public const ushort Major = 1;

    /// <summary><c>agentflow.approval</c>: an approval statement 320, its signature 64, the reason as text.</summary>
    public static ContractId Approval { get; } = ContractIds.Of("agentflow.approval");

    /// <summary><c>agentflow.claim</c>: the 32-byte envelope digest of the request that an agent is about to act on.</summary>
    public static ContractId Claim { get; } = ContractIds.Of("agentflow.claim");

    /// <summary><c>agentflow.idlog</c>: entries of the sender's identity log, joined.</summary>
    public static ContractId IdentityLog { get; } = ContractIds.Of("agentflow.idlog");

    /// <summary><c>agentflow.leaf</c>: a leaf update, or the wish to leave.</summary>
    public static ContractId Leaf { get; } = ContractIds.Of("agentflow.leaf");

    /// <summary>Whether an id is one of the four.</summary>
    public static bool IsBuiltIn(ContractId contract) => contract == Approval || contract == Claim || contract == IdentityLog || contract == Leaf;

    /// <summary>Whether a frame is of the given built-in contract, in the one version and form that this document defines.</summary>
    public static bool Matches(in FrameHeader header, ContractId contract) => header.Contract == contract && IsBuiltIn(contract)
        && header is { Major: Major, Minor: 0, Codec: FrameCodec.Raw } && header.SchemaHash.IsZero;

    /// <summary>The header of a frame of a built-in contract.</summary>
    /// <param name="contract">One of the four.</param>
    /// <param name="correlationId">The exchange that it belongs to; all zero for none.</param>
    /// <exception cref="ArgumentException">The contract is not built in.</exception>
    public static FrameHeader Header(ContractId contract, MessageId correlationId = default) => IsBuiltIn(contract)
        ? new FrameHeader { Contract = contract, Major = Major, Codec = FrameCodec.Raw, SchemaHash = default, CorrelationId = correlationId }
        : throw new ArgumentException("The contract is not one that the protocol defines.", nameof(contract));
}
