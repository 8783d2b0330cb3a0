using AgentFlow.Protocol.Approvals;
using AgentFlow.Protocol.Identity;
using AgentFlow.Protocol.Threads;

namespace AgentFlow.Engine;

/// <summary>
/// The view of one thread that votes are counted in: policy and logs of this moment, and the one thread hash that was looked up for the statement at hand.
/// </summary>
internal sealed class ApprovalFacts(ThreadPolicy policy, IIdentitySource identities, long knownPosition = -1, Bytes32 knownHash = default) : IApprovalFacts
{
    public ThreadPolicy CurrentPolicy => policy;

    public IdentityLog? Find(AgentId agent) => identities.Find(agent);

    public bool TryGetThreadHash(long position, out Bytes32 hash)
    {
        hash = knownHash;
        return position == knownPosition;
    }
}
