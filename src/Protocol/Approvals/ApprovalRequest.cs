using AgentFlow.Protocol.Frames;
using AgentFlow.Protocol.Threads;

namespace AgentFlow.Protocol.Approvals;

/// <summary>A request for approval as this member opened it: a gated frame, alone in its envelope, at a position of the thread.</summary>
/// <remarks>Immutable.</remarks>
public sealed record ApprovalRequest
{
    /// <summary>The thread.</summary>
    public required ThreadId Thread { get; init; }

    /// <summary>The position of the envelope, from 1.</summary>
    public required long Position { get; init; }

    /// <summary>E of the envelope.</summary>
    public required Bytes32 Envelope { get; init; }

    /// <summary>The agent that sent it.</summary>
    public required AgentId Requester { get; init; }

    /// <summary>The contract.</summary>
    public required ContractId Contract { get; init; }

    /// <summary>The version of the contract.</summary>
    public required ushort Major { get; init; }

    /// <summary>The agent that is to act, or null for any.</summary>
    public AgentId? Target { get; init; }

    /// <summary>The digest of the content.</summary>
    public required Bytes32 Subject { get; init; }

    /// <summary>The policy of the epoch that the request was sealed in.</summary>
    public required ThreadPolicy Policy { get; init; }

    /// <summary>The short name of the request.</summary>
    public ApprovalId Id => ApprovalId.Of(Envelope);

    /// <summary>The rules of the request's policy for its contract; none means that it never runs.</summary>
    public IEnumerable<PolicyRule> Rules => Policy.RulesFor(Contract, Major);

    /// <summary>Makes the request of an opened frame: its digest is computed from the very bytes that will be decoded.</summary>
    /// <param name="thread">The thread.</param>
    /// <param name="position">The position of the envelope, from 1.</param>
    /// <param name="envelope">E of the envelope.</param>
    /// <param name="requester">The agent that sent it.</param>
    /// <param name="frame">The frame.</param>
    /// <param name="frameCount">How many frames the envelope holds.</param>
    /// <param name="exactSchemaHash">The schema that the own decoder was generated from.</param>
    /// <param name="policy">The policy of the epoch that the envelope was sealed in.</param>
    /// <param name="request">The request, or null.</param>
    /// <param name="error">The rule for gated frames that it breaks, or <see cref="ProtocolError.None"/>.</param>
    public static bool TryCreate(
        ThreadId thread,
        long position,
        Bytes32 envelope,
        AgentId requester,
        in Frame frame,
        int frameCount,
        Bytes32 exactSchemaHash,
        ThreadPolicy policy,
        out ApprovalRequest? request,
        out ProtocolError error)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(position);
        request = null;
        error = GatedFrame.Check(frame, frameCount, exactSchemaHash);
        if (error != ProtocolError.None)
            return false;
        request = new ApprovalRequest
        {
            Thread = thread,
            Position = position,
            Envelope = envelope,
            Requester = requester,
            Contract = frame.Header.Contract,
            Major = frame.Header.Major,
            Target = frame.Extensions.Target,
            Subject = ApprovalDigest.Compute(frame),
            Policy = policy,
        };
        return true;
    }

    /// <summary>The longest time that a yes may count under both policies, or null where a rule of the current one is missing in the request's.</summary>
    /// <param name="currentPolicy">The policy of the current epoch.</param>
    public TimeSpan? Lifetime(ThreadPolicy currentPolicy)
    {
        ArgumentNullException.ThrowIfNull(currentPolicy);
        TimeSpan? shortest = null;
        foreach (var rule in currentPolicy.RulesFor(Contract, Major))
        {
            if (EffectiveRule.Of(this, currentPolicy, rule.RuleId) is not { } effective)
                return null;
            var lifetime = TimeSpan.FromSeconds(effective.MaxLifetimeSeconds);
            shortest = shortest is null || lifetime < shortest ? lifetime : shortest;
        }

        return shortest;
    }
}
