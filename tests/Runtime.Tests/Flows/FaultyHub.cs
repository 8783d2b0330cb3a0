using System.Runtime.CompilerServices;
using AgentFlow.Protocol.Hub;

namespace AgentFlow.Runtime.Tests.Flows;

/// <summary>A hub that fails as a test asks it to; what it does not fail goes to the hub behind it.</summary>
internal sealed class FaultyHub(IHub inner) : IHub
{
    private int _failing;

    /// <summary>How many of the next appends stand and are answered as if they had not.</summary>
    public int LosesAnswers
    {
        get => Volatile.Read(ref _failing);
        set => Volatile.Write(ref _failing, value);
    }

    /// <summary>Whether no append is taken at all.</summary>
    public bool IsDown { get; set; }

    /// <summary>Whether acknowledgements get lost.</summary>
    public bool LosesAcknowledgements { get; set; }

    /// <summary>The agent to which nothing is delivered until <see cref="Release"/> completes.</summary>
    public string? LateAgent { get; set; }

    public TaskCompletionSource Release { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public async ValueTask<AppendResult> CreateThreadAsync(
        ThreadId thread, MessageId messageId, ReadOnlyMemory<byte> genesis, CancellationToken cancellationToken) =>
        IsDown ? AppendResult.Refused(HubStatus.Unavailable) : Lose(await inner.CreateThreadAsync(thread, messageId, genesis, cancellationToken));

    public async ValueTask<AppendResult> AppendAsync(
        ThreadId thread, MessageId messageId, ReadOnlyMemory<byte> envelope, CancellationToken cancellationToken) =>
        IsDown ? AppendResult.Refused(HubStatus.Busy) : Lose(await inner.AppendAsync(thread, messageId, envelope, cancellationToken));

    public ValueTask<HubStatus> AcknowledgeAsync(AgentId agent, ThreadId thread, long upToPosition, CancellationToken cancellationToken) =>
        LosesAcknowledgements ? ValueTask.FromResult(HubStatus.Unavailable) : inner.AcknowledgeAsync(agent, thread, upToPosition, cancellationToken);

    public ValueTask<HubStatus> RegisterAgentAsync(
        AgentRegistration registration, CancellationToken cancellationToken) => inner.RegisterAgentAsync(registration, cancellationToken);

    public ValueTask<AgentRegistration?> ReadAgentAsync(AgentId agent, CancellationToken cancellationToken) => inner.ReadAgentAsync(agent, cancellationToken);

    public ValueTask<AgentId?> ResolveNameAsync(string name, CancellationToken cancellationToken) => inner.ResolveNameAsync(name, cancellationToken);

    public ValueTask<ThreadPage> ReadThreadAsync(ThreadId thread, long afterPosition, int maxCount, int maxBytes, CancellationToken cancellationToken) =>
        inner.ReadThreadAsync(thread, afterPosition, maxCount, maxBytes, cancellationToken);

    public async IAsyncEnumerable<Delivery> SubscribeAsync(
        AgentId agent, IReadOnlyDictionary<ThreadId, long> resume, int credit, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var delivery in inner.SubscribeAsync(agent, resume, credit, cancellationToken))
        {
            if (LateAgent is { } name && await inner.ResolveNameAsync(name, cancellationToken) == agent)
                await Release.Task.WaitAsync(cancellationToken);
            yield return delivery;
        }
    }

    public ValueTask<InboxPage> ListInboxAsync(AgentId agent, bool unreadOnly, string? cursor, int maxCount, CancellationToken cancellationToken) =>
        inner.ListInboxAsync(agent, unreadOnly, cursor, maxCount, cancellationToken);

    public ValueTask<Lease> AcquireLeaseAsync(AgentId agent, ThreadId thread, Guid owner, TimeSpan duration, CancellationToken cancellationToken) =>
        inner.AcquireLeaseAsync(agent, thread, owner, duration, cancellationToken);

    public ValueTask<HubStatus> ReleaseLeaseAsync(AgentId agent, ThreadId thread, Guid owner, long token, CancellationToken cancellationToken) =>
        inner.ReleaseLeaseAsync(agent, thread, owner, token, cancellationToken);

    public ValueTask<HubStatus> PutBlobAsync(Bytes32 blobId, ReadOnlyMemory<byte> ciphertext, CancellationToken cancellationToken) =>
        inner.PutBlobAsync(blobId, ciphertext, cancellationToken);

    public ValueTask<ReadOnlyMemory<byte>?> GetBlobAsync(Bytes32 blobId, CancellationToken cancellationToken) => inner.GetBlobAsync(blobId, cancellationToken);

    private AppendResult Lose(AppendResult answer) => Interlocked.Decrement(ref _failing) >= 0 ? AppendResult.Refused(HubStatus.Unavailable) : answer;
}
