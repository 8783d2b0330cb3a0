using AgentFlow.Protocol.Identity;

namespace AgentFlow.Protocol.Proofs;

/// <summary>The identity logs of a proof file: verified, one an agent, ascending by agent id, and each of somebody who is asked for.</summary>
internal sealed class ProofIdentities : IIdentitySource
{
    private readonly Dictionary<AgentId, IdentityLog> _logs = [];
    private readonly HashSet<AgentId> _used = [];

    public bool AreAllUsed => _used.Count == _logs.Count;

    public static bool TryRead(IReadOnlyList<ReadOnlyMemory<byte>> sections, out ProofIdentities identities, out ProtocolError error)
    {
        identities = new ProofIdentities();
        error = ProtocolError.None;
        AgentId previous = default;
        foreach (var section in sections)
        {
            if (!IdentityLog.TryParse(section.Span, out var log, out error))
                return false;
            if (identities._logs.Count > 0 && log.Agent.CompareTo(previous) <= 0)
            {
                error = ProtocolError.Order;
                return false;
            }

            previous = log.Agent;
            identities._logs.Add(log.Agent, log);
        }

        return true;
    }

    public IdentityLog? Find(AgentId agent)
    {
        if (!_logs.TryGetValue(agent, out var log))
            return null;
        _used.Add(agent);
        return log;
    }
}
