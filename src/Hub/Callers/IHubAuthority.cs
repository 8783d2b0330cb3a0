using AgentFlow.Protocol.Hub;

namespace AgentFlow.Hub.Callers;

/// <summary>What a server that knows who calls asks of its hub. Thread-safe.</summary>
public interface IHubAuthority
{
    /// <summary>Appends an envelope if a device of the caller sealed it.</summary>
    /// <returns>
    /// What <see cref="IHub.AppendAsync"/> returns; <see cref="HubStatus.NotMember"/> for a caller that is none, <see cref="HubStatus.Denied"/> for one that brings
    /// the envelope of another member.
    /// </returns>
    ValueTask<AppendResult> AppendAsync(
        AgentId caller, ThreadId thread, MessageId messageId, ReadOnlyMemory<byte> envelope, CancellationToken cancellationToken);

    /// <summary>Whether an agent is a member of a thread: Ok, NotMember, or NotFound where the hub does not know the thread.</summary>
    ValueTask<HubStatus> CheckMemberAsync(AgentId agent, ThreadId thread, CancellationToken cancellationToken);

    /// <summary>Whether a key is a live device of an agent.</summary>
    /// <param name="agent">The agent.</param>
    /// <param name="device">The public key.</param>
    /// <param name="maxAge">
    /// How old the log may be that is asked: what another hub on the same store has written is seen after that time. What this hub has written is seen at once.
    /// </param>
    /// <param name="cancellationToken">Cancels the read.</param>
    ValueTask<bool> IsDeviceAsync(AgentId agent, Bytes32 device, TimeSpan maxAge, CancellationToken cancellationToken);

    /// <summary>The secret of a day, by which the hubs on one store know what another one has issued. It vanishes three days after it was made.</summary>
    /// <param name="day">The number of the day since 1970-01-01 UTC.</param>
    /// <param name="isMade">Whether to make it where there is none.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>The secret, or null where there is none.</returns>
    ValueTask<Bytes32?> GetDaySecretAsync(int day, bool isMade, CancellationToken cancellationToken);

    /// <summary>Notes that a challenge was used.</summary>
    /// <param name="challenge">32 bytes.</param>
    /// <param name="keep">For how long that is known; it is too old afterwards in any case.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>Ok for the first one who says so, at any hub on the store; Conflict for all others.</returns>
    ValueTask<HubStatus> UseChallengeAsync(ReadOnlyMemory<byte> challenge, TimeSpan keep, CancellationToken cancellationToken);
}
