using AgentFlow.Protocol.Identity;

namespace AgentFlow.Protocol.Hub;

/// <summary>The hub as an agent sees it: it stores and routes envelopes that it cannot read. In process and over gRPC this is the same interface.</summary>
/// <remarks>
/// Thread-safe. Every write returns only after its commit. A cancelled or failed write has an unknown outcome: repeat it with the same
/// message id, and the hub answers <see cref="AppendStatus.Duplicate"/>. Refusals are results; only programmer errors throw.
/// </remarks>
public interface IHub
{
    /// <summary>
    /// The hub as one device of an agent uses it. A hub in another process answers an agent alone, so use what this returns for everything but a registration;
    /// a hub in this process trusts it and returns itself.
    /// </summary>
    /// <param name="credential">Who calls from here on.</param>
    IHub ActAs(HubCredential credential) => this;

    /// <summary>Publishes entries of an identity log and, if given, a new key bundle.</summary>
    /// <returns><see cref="HubStatus.Ok"/>, or <see cref="HubStatus.Invalid"/> for a log that does not verify, <see cref="HubStatus.Conflict"/> for one that forks
    /// what the hub holds or claims a name bound to another agent.</returns>
    ValueTask<HubStatus> RegisterAgentAsync(AgentRegistration registration, CancellationToken cancellationToken);

    /// <summary>Reads the whole identity log of an agent, entries joined, and its newest bundle, or null where the hub does not know it.</summary>
    ValueTask<AgentRegistration?> ReadAgentAsync(AgentId agent, CancellationToken cancellationToken);

    /// <summary>Resolves a name to the agent that it is bound to, or null. Trust on first use: pin what it answers.</summary>
    ValueTask<AgentId?> ResolveNameAsync(string name, CancellationToken cancellationToken);

    /// <summary>Creates a thread by its genesis Commit, which becomes position 1.</summary>
    ValueTask<AppendResult> CreateThreadAsync(ThreadId thread, MessageId messageId, ReadOnlyMemory<byte> genesis, CancellationToken cancellationToken);

    /// <summary>Appends one sealed envelope.</summary>
    ValueTask<AppendResult> AppendAsync(ThreadId thread, MessageId messageId, ReadOnlyMemory<byte> envelope, CancellationToken cancellationToken);

    /// <summary>Reads a contiguous run of envelopes after a position.</summary>
    /// <param name="thread">The thread.</param>
    /// <param name="afterPosition">The position before the first one wanted; 0 reads from the start.</param>
    /// <param name="maxCount">The most envelopes to return, 1 to 1,000.</param>
    /// <param name="maxBytes">Stop after this many bytes; one envelope is returned at least.</param>
    /// <param name="cancellationToken">Cancels the read.</param>
    ValueTask<ThreadPage> ReadThreadAsync(ThreadId thread, long afterPosition, int maxCount, int maxBytes, CancellationToken cancellationToken);

    /// <summary>Streams what is new in all threads of an agent: in order within a thread, interleaved across threads.</summary>
    /// <param name="agent">The agent whose inbox is followed.</param>
    /// <param name="resume">The position last seen in each thread; a thread that is not named resumes after its acknowledged position.</param>
    /// <param name="credit">How many envelopes may be in flight beyond what was consumed, 1 to 10,000.</param>
    /// <param name="cancellationToken">Ends the stream.</param>
    IAsyncEnumerable<Delivery> SubscribeAsync(AgentId agent, IReadOnlyDictionary<ThreadId, long> resume, int credit, CancellationToken cancellationToken);

    /// <summary>Acknowledges everything in a thread up to a position. Never goes back; a position beyond the head is clamped to it.</summary>
    ValueTask<HubStatus> AcknowledgeAsync(AgentId agent, ThreadId thread, long upToPosition, CancellationToken cancellationToken);

    /// <summary>Lists the threads of an agent, the ones with something new first.</summary>
    /// <param name="agent">The agent.</param>
    /// <param name="unreadOnly">Whether to leave out threads that are read to their head.</param>
    /// <param name="cursor">The cursor of the page before, or null for the first page.</param>
    /// <param name="maxCount">The most rows, 1 to 1,000.</param>
    /// <param name="cancellationToken">Cancels the read.</param>
    ValueTask<InboxPage> ListInboxAsync(AgentId agent, bool unreadOnly, string? cursor, int maxCount, CancellationToken cancellationToken);

    /// <summary>Takes the lease of (agent, thread), or renews it for its holder.</summary>
    /// <param name="agent">The agent.</param>
    /// <param name="thread">The thread.</param>
    /// <param name="owner">The process that wants it.</param>
    /// <param name="duration">How long, by the hub's clock, from 1 second to 10 minutes.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    ValueTask<Lease> AcquireLeaseAsync(AgentId agent, ThreadId thread, Guid owner, TimeSpan duration, CancellationToken cancellationToken);

    /// <summary>Gives a lease back. Without effect if another owner has it by now.</summary>
    ValueTask<HubStatus> ReleaseLeaseAsync(AgentId agent, ThreadId thread, Guid owner, long token, CancellationToken cancellationToken);

    /// <summary>Stores a blob under the hash of its bytes.</summary>
    ValueTask<HubStatus> PutBlobAsync(Bytes32 blobId, ReadOnlyMemory<byte> ciphertext, CancellationToken cancellationToken);

    /// <summary>Reads a blob, or null where the hub has none of this id.</summary>
    ValueTask<ReadOnlyMemory<byte>?> GetBlobAsync(Bytes32 blobId, CancellationToken cancellationToken);
}
