using AgentFlow.Hub.Tests.Helpers;
using AgentFlow.Protocol.Envelopes;
using AgentFlow.Protocol.Hub;

namespace AgentFlow.Host.Tests.Contract;

/// <summary>
/// A hub behind a socket as one test with many actors uses it: a call goes out as the agent that it names, an envelope as the actor of its leaf, and what anybody
/// may ask as a stranger.
/// </summary>
internal sealed class HubOfActors(GrpcHub hub, HubActor stranger, params HubActor[] actors) : IHub
{
    private readonly Dictionary<AgentId, IHub> _views = actors.Append(stranger).ToDictionary(actor => actor.Agent, actor => hub.ActAs(actor.Credential));

    private IHub Stranger => _views[stranger.Agent];

    public ValueTask<HubStatus> RegisterAgentAsync(AgentRegistration registration, CancellationToken cancellationToken) =>
        hub.RegisterAgentAsync(registration, cancellationToken);

    public ValueTask<AgentRegistration?> ReadAgentAsync(AgentId agent, CancellationToken cancellationToken) => Stranger.ReadAgentAsync(agent, cancellationToken);

    public ValueTask<AgentId?> ResolveNameAsync(string name, CancellationToken cancellationToken) => Stranger.ResolveNameAsync(name, cancellationToken);

    public ValueTask<AppendResult> CreateThreadAsync(ThreadId thread, MessageId messageId, ReadOnlyMemory<byte> genesis, CancellationToken cancellationToken) =>
        As(actors[0].Agent).CreateThreadAsync(thread, messageId, genesis, cancellationToken);

    public ValueTask<AppendResult> AppendAsync(ThreadId thread, MessageId messageId, ReadOnlyMemory<byte> envelope, CancellationToken cancellationToken)
    {
        bool isSecond = envelope.Length >= EnvelopeHeader.Size && new EnvelopeHeader(envelope.Span).Leaf == 1;
        return As(actors[isSecond ? 1 : 0].Agent).AppendAsync(thread, messageId, envelope, cancellationToken);
    }

    public ValueTask<ThreadPage> ReadThreadAsync(ThreadId thread, long afterPosition, int maxCount, int maxBytes, CancellationToken cancellationToken) =>
        As(actors[0].Agent).ReadThreadAsync(thread, afterPosition, maxCount, maxBytes, cancellationToken);

    public IAsyncEnumerable<Delivery> SubscribeAsync(AgentId agent, IReadOnlyDictionary<ThreadId, long> resume, int credit, CancellationToken cancellationToken) =>
        As(agent).SubscribeAsync(agent, resume, credit, cancellationToken);

    public ValueTask<HubStatus> AcknowledgeAsync(AgentId agent, ThreadId thread, long upToPosition, CancellationToken cancellationToken) =>
        As(agent).AcknowledgeAsync(agent, thread, upToPosition, cancellationToken);

    public ValueTask<InboxPage> ListInboxAsync(AgentId agent, bool unreadOnly, string? cursor, int maxCount, CancellationToken cancellationToken) =>
        As(agent).ListInboxAsync(agent, unreadOnly, cursor, maxCount, cancellationToken);

    public ValueTask<Lease> AcquireLeaseAsync(AgentId agent, ThreadId thread, Guid owner, TimeSpan duration, CancellationToken cancellationToken) =>
        As(agent).AcquireLeaseAsync(agent, thread, owner, duration, cancellationToken);

    public ValueTask<HubStatus> ReleaseLeaseAsync(AgentId agent, ThreadId thread, Guid owner, long token, CancellationToken cancellationToken) =>
        As(agent).ReleaseLeaseAsync(agent, thread, owner, token, cancellationToken);

    public ValueTask<HubStatus> PutBlobAsync(Bytes32 blobId, ReadOnlyMemory<byte> ciphertext, CancellationToken cancellationToken) =>
        Stranger.PutBlobAsync(blobId, ciphertext, cancellationToken);

    public ValueTask<ReadOnlyMemory<byte>?> GetBlobAsync(Bytes32 blobId, CancellationToken cancellationToken) => Stranger.GetBlobAsync(blobId, cancellationToken);

    private IHub As(AgentId agent) => _views[agent];
}
