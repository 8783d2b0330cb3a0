using System.Runtime.CompilerServices;
using AgentFlow.Protocol.Hub;

namespace AgentFlow.Runtime.Tests.Peers;

/// <summary>A hub between the app and the real one, in which a test looks on, holds back or changes.</summary>
internal sealed class HubProxy(IHub hub) : IHub
{
    public IHub Inner { get; } = hub;

    public Func<AgentRegistration, AgentRegistration?> OnReadAgent { get; set; } = static found => found;

    public Func<string, AgentId?, AgentId?> OnResolve { get; set; } = static (_, found) => found;

    public Func<AgentId, AgentRegistration?> OnUnknownAgent { get; set; } = static _ => null;

    public Action<AgentRegistration> OnRegister { get; set; } = static _ => { };

    public Func<ThreadId, ThreadPage, ThreadPage> OnReadThread { get; set; } = static (_, page) => page;

    public Func<ThreadId, Task> OnAppend { get; set; } = static _ => Task.CompletedTask;

    public Func<Delivery, Delivery> OnDeliver { get; set; } = static delivery => delivery;

    public Action<AgentId, ThreadId> OnAcknowledge { get; set; } = static (_, _) => { };

    public async ValueTask<HubStatus> RegisterAgentAsync(AgentRegistration registration, CancellationToken cancellationToken)
    {
        var status = await Inner.RegisterAgentAsync(registration, cancellationToken);
        OnRegister(registration);
        return status;
    }

    public async ValueTask<AgentRegistration?> ReadAgentAsync(AgentId agent, CancellationToken cancellationToken) =>
        await Inner.ReadAgentAsync(agent, cancellationToken) is { } found ? OnReadAgent(found) : OnUnknownAgent(agent);

    public async ValueTask<AgentId?> ResolveNameAsync(string name, CancellationToken cancellationToken) =>
        OnResolve(name, await Inner.ResolveNameAsync(name, cancellationToken));

    public ValueTask<AppendResult> CreateThreadAsync(ThreadId thread, MessageId messageId, ReadOnlyMemory<byte> genesis, CancellationToken cancellationToken) =>
        Inner.CreateThreadAsync(thread, messageId, genesis, cancellationToken);

    public async ValueTask<AppendResult> AppendAsync(ThreadId thread, MessageId messageId, ReadOnlyMemory<byte> envelope, CancellationToken cancellationToken)
    {
        await OnAppend(thread);
        return await Inner.AppendAsync(thread, messageId, envelope, cancellationToken);
    }

    public async ValueTask<ThreadPage> ReadThreadAsync(ThreadId thread, long afterPosition, int maxCount, int maxBytes, CancellationToken cancellationToken) =>
        OnReadThread(thread, await Inner.ReadThreadAsync(thread, afterPosition, maxCount, maxBytes, cancellationToken));

    public async IAsyncEnumerable<Delivery> SubscribeAsync(
        AgentId agent, IReadOnlyDictionary<ThreadId, long> resume, int credit, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var delivery in Inner.SubscribeAsync(agent, resume, credit, cancellationToken))
            yield return OnDeliver(delivery);
    }

    public async ValueTask<HubStatus> AcknowledgeAsync(AgentId agent, ThreadId thread, long upToPosition, CancellationToken cancellationToken)
    {
        var status = await Inner.AcknowledgeAsync(agent, thread, upToPosition, cancellationToken);
        OnAcknowledge(agent, thread);
        return status;
    }

    public ValueTask<InboxPage> ListInboxAsync(AgentId agent, bool unreadOnly, string? cursor, int maxCount, CancellationToken cancellationToken) =>
        Inner.ListInboxAsync(agent, unreadOnly, cursor, maxCount, cancellationToken);

    public ValueTask<Lease> AcquireLeaseAsync(AgentId agent, ThreadId thread, Guid owner, TimeSpan duration, CancellationToken cancellationToken) =>
        Inner.AcquireLeaseAsync(agent, thread, owner, duration, cancellationToken);

    public ValueTask<HubStatus> ReleaseLeaseAsync(AgentId agent, ThreadId thread, Guid owner, long token, CancellationToken cancellationToken) =>
        Inner.ReleaseLeaseAsync(agent, thread, owner, token, cancellationToken);

    public ValueTask<HubStatus> PutBlobAsync(Bytes32 blobId, ReadOnlyMemory<byte> ciphertext, CancellationToken cancellationToken) =>
        Inner.PutBlobAsync(blobId, ciphertext, cancellationToken);

    public ValueTask<ReadOnlyMemory<byte>?> GetBlobAsync(Bytes32 blobId, CancellationToken cancellationToken) => Inner.GetBlobAsync(blobId, cancellationToken);
}
