using AgentFlow.Protocol.Hub;

namespace AgentFlow.Bench.Wire;

/// <summary>A hub that says yes and does nothing, so that only the way to it is measured. What no case asks is not there.</summary>
internal sealed class SilentHub : IHub
{
    public ValueTask<AppendResult> CreateThreadAsync(ThreadId thread, MessageId messageId, ReadOnlyMemory<byte> genesis, CancellationToken cancellationToken) =>
        ValueTask.FromResult(AppendResult.Appended(1));

    public ValueTask<AppendResult> AppendAsync(ThreadId thread, MessageId messageId, ReadOnlyMemory<byte> envelope, CancellationToken cancellationToken) =>
        ValueTask.FromResult(AppendResult.Appended(1));

    public ValueTask<HubStatus> RegisterAgentAsync(AgentRegistration registration, CancellationToken cancellationToken) => throw Unasked();

    public ValueTask<AgentRegistration?> ReadAgentAsync(AgentId agent, CancellationToken cancellationToken) => throw Unasked();

    public ValueTask<AgentId?> ResolveNameAsync(string name, CancellationToken cancellationToken) => throw Unasked();

    public ValueTask<ThreadPage> ReadThreadAsync(ThreadId thread, long afterPosition, int maxCount, int maxBytes, CancellationToken cancellationToken) =>
        throw Unasked();

    public IAsyncEnumerable<Delivery> SubscribeAsync(
        AgentId agent, IReadOnlyDictionary<ThreadId, long> resume, int credit, CancellationToken cancellationToken) => throw Unasked();

    public ValueTask<HubStatus> AcknowledgeAsync(AgentId agent, ThreadId thread, long upToPosition, CancellationToken cancellationToken) => throw Unasked();

    public ValueTask<InboxPage> ListInboxAsync(AgentId agent, bool unreadOnly, string? cursor, int maxCount, CancellationToken cancellationToken) =>
        throw Unasked();

    public ValueTask<Lease> AcquireLeaseAsync(AgentId agent, ThreadId thread, Guid owner, TimeSpan duration, CancellationToken cancellationToken) =>
        throw Unasked();

    public ValueTask<HubStatus> ReleaseLeaseAsync(AgentId agent, ThreadId thread, Guid owner, long token, CancellationToken cancellationToken) =>
        throw Unasked();

    public ValueTask<HubStatus> PutBlobAsync(Bytes32 blobId, ReadOnlyMemory<byte> ciphertext, CancellationToken cancellationToken) => throw Unasked();

    public ValueTask<ReadOnlyMemory<byte>?> GetBlobAsync(Bytes32 blobId, CancellationToken cancellationToken) => throw Unasked();

    private static NotSupportedException Unasked() => new("No case of the bench asks this.");
}
