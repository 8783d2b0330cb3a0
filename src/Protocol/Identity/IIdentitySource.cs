namespace AgentFlow.Protocol.Identity;

/// <summary>Where a verifier gets identity logs from. Implementations return only verified logs, and the pinned or longest one they hold.</summary>
/// <remarks>Called synchronously on the receive path: answer from memory or a local store, never over a network.</remarks>
public interface IIdentitySource
{
    /// <summary>The verified log of an agent, or null where none is at hand: the check then ends with <see cref="ProtocolError.MissingLog"/>.</summary>
    IdentityLog? Find(AgentId agent);
}
