using AgentFlow.Hub.Callers;
using AgentFlow.Protocol.Hub;
using AgentFlow.Protocol.Threads;

namespace AgentFlow.Host.Callers;

/// <summary>
/// The hub as one caller may use it: for its own agent, and in the threads that this agent is a member of. Whatever serves a hub to other processes goes
/// through this. Where a method has no answer for a refusal, it throws <see cref="HubException"/>.
/// </summary>
internal sealed class CallerHub(IHub hub, IHubAuthority authority, AgentId caller) : IHub
{
    /// <remarks>Needs no caller: log and bundle prove themselves by their signatures.</remarks>
    public ValueTask<HubStatus> RegisterAgentAsync(AgentRegistration registration, CancellationToken cancellationToken) =>
        hub.RegisterAgentAsync(registration, cancellationToken);

    public ValueTask<AgentRegistration?> ReadAgentAsync(AgentId agent, CancellationToken cancellationToken) => hub.ReadAgentAsync(agent, cancellationToken);

    public ValueTask<AgentId?> ResolveNameAsync(string name, CancellationToken cancellationToken) => hub.ResolveNameAsync(name, cancellationToken);

    public ValueTask<AppendResult> CreateThreadAsync(ThreadId thread, MessageId messageId, ReadOnlyMemory<byte> genesis, CancellationToken cancellationToken)
    {
        // What is no genesis is refused by the hub, in its own words.
        bool isForeign = GenesisInvitation.TryRead(genesis.Span, out var invitation, out _) && invitation.Creator.Agent != caller;
        return isForeign
            ? ValueTask.FromResult(AppendResult.Refused(HubStatus.Denied))
            : hub.CreateThreadAsync(thread, messageId, genesis, cancellationToken);
    }

    public ValueTask<AppendResult> AppendAsync(ThreadId thread, MessageId messageId, ReadOnlyMemory<byte> envelope, CancellationToken cancellationToken) =>
        authority.AppendAsync(caller, thread, messageId, envelope, cancellationToken);

    public async ValueTask<ThreadPage> ReadThreadAsync(ThreadId thread, long afterPosition, int maxCount, int maxBytes, CancellationToken cancellationToken)
    {
        var status = await authority.CheckMemberAsync(caller, thread, cancellationToken).ConfigureAwait(false);
        return status == HubStatus.NotMember
            ? new ThreadPage(status, 0, 0, [])
            : await hub.ReadThreadAsync(thread, afterPosition, maxCount, maxBytes, cancellationToken).ConfigureAwait(false);
    }

    public IAsyncEnumerable<Delivery> SubscribeAsync(AgentId agent, IReadOnlyDictionary<ThreadId, long> resume, int credit, CancellationToken cancellationToken)
    {
        RequireOwn(agent);
        return hub.SubscribeAsync(agent, resume, credit, cancellationToken);
    }

    public ValueTask<HubStatus> AcknowledgeAsync(AgentId agent, ThreadId thread, long upToPosition, CancellationToken cancellationToken) =>
        agent == caller ? hub.AcknowledgeAsync(agent, thread, upToPosition, cancellationToken) : ValueTask.FromResult(HubStatus.Denied);

    public ValueTask<InboxPage> ListInboxAsync(AgentId agent, bool unreadOnly, string? cursor, int maxCount, CancellationToken cancellationToken)
    {
        RequireOwn(agent);
        return hub.ListInboxAsync(agent, unreadOnly, cursor, maxCount, cancellationToken);
    }

    public ValueTask<Lease> AcquireLeaseAsync(AgentId agent, ThreadId thread, Guid owner, TimeSpan duration, CancellationToken cancellationToken) =>
        agent == caller
            ? hub.AcquireLeaseAsync(agent, thread, owner, duration, cancellationToken)
            : ValueTask.FromResult(new Lease(HubStatus.Denied, Guid.Empty, 0, default));

    public ValueTask<HubStatus> ReleaseLeaseAsync(AgentId agent, ThreadId thread, Guid owner, long token, CancellationToken cancellationToken) =>
        agent == caller ? hub.ReleaseLeaseAsync(agent, thread, owner, token, cancellationToken) : ValueTask.FromResult(HubStatus.Denied);

    public ValueTask<HubStatus> PutBlobAsync(Bytes32 blobId, ReadOnlyMemory<byte> ciphertext, CancellationToken cancellationToken) =>
        hub.PutBlobAsync(blobId, ciphertext, cancellationToken);

    public ValueTask<ReadOnlyMemory<byte>?> GetBlobAsync(Bytes32 blobId, CancellationToken cancellationToken) => hub.GetBlobAsync(blobId, cancellationToken);

    private void RequireOwn(AgentId agent)
    {
        if (agent != caller)
            throw new HubException(HubStatus.Denied, "A caller may ask for its own agent only.");
    }
}
