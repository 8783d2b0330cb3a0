using AgentFlow.Protocol.Identity;
using AgentFlow.Protocol.Threads;

namespace AgentFlow.Protocol.Approvals;

/// <summary>What the counting of votes asks the member that counts: its view of policy, identity logs and thread, as of now.</summary>
public interface IApprovalFacts : IIdentitySource
{
    /// <summary>The policy of the current epoch.</summary>
    ThreadPolicy CurrentPolicy { get; }

    /// <summary>Looks the own thread hash T up.</summary>
    /// <param name="position">A position, from 0; it may be hostile.</param>
    /// <param name="hash">T there, if the result is true.</param>
    /// <returns>False where the own view does not reach that far.</returns>
    bool TryGetThreadHash(long position, out Bytes32 hash);
}
