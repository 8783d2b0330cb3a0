using AgentFlow.Hub.Wakes;
using AgentFlow.Protocol.Hub;

namespace AgentFlow.Hub.Stores;

/// <summary>
/// Durable threads, inboxes, state items and claims. One contract suite (C1 to C14) says what every store must do; docs/decisions/0002-hub-store.md says why it has this shape.
/// Thread-safe.
/// </summary>
public interface IEnvelopeStore : IAsyncDisposable
{
    /// <summary>Hints about what was committed.</summary>
    IWakeSource Wakes { get; }

    /// <summary>The store's clock. It never goes back.</summary>
    DateTimeOffset Now { get; }

    /// <summary>Opens the store and brings its schema up to date. Call it once, before anything else.</summary>
    ValueTask<StoreInfo> OpenAsync(CancellationToken cancellationToken);

    /// <summary>The only way to write: applies all operations or none, and returns after they are durable.</summary>
    /// <exception cref="OperationCanceledException">The outcome is unknown, never "not done".</exception>
    ValueTask<StoreResult> CommitAsync(StoreCommit commit, CancellationToken cancellationToken);

    /// <summary>Reads a contiguous run of a thread after a position. A hidden body comes as what was kept of it, marked as expired.</summary>
    ValueTask<ThreadPage> ReadThreadAsync(ThreadId thread, long afterPosition, int maxCount, int maxBytes, CancellationToken cancellationToken);

    /// <summary>Reads what is known of a thread, or null.</summary>
    ValueTask<ThreadInfo?> GetThreadAsync(ThreadId thread, CancellationToken cancellationToken);

    /// <summary>Finds where the envelope with an id stands, or null.</summary>
    ValueTask<LogPosition?> FindAsync(ThreadId thread, MessageId messageId, CancellationToken cancellationToken);

    /// <summary>Reads the thread hash that an envelope was appended with, or null where nothing stands at that position.</summary>
    ValueTask<Bytes32?> GetThreadHashAsync(ThreadId thread, long position, CancellationToken cancellationToken);

    /// <summary>Reads the members of a thread; empty where there are none.</summary>
    ValueTask<IReadOnlyList<Member>> ReadMembersAsync(ThreadId thread, CancellationToken cancellationToken);

    /// <summary>Reads a page of an inbox: unread threads first, by priority and then by how long they are unread. State, not a log: rows may move between pages.</summary>
    ValueTask<InboxPage> ReadInboxAsync(AgentId agent, bool unreadOnly, string? cursor, int maxCount, CancellationToken cancellationToken);

    /// <summary>Reads one row of an inbox, or null.</summary>
    ValueTask<InboxEntry?> GetInboxAsync(AgentId agent, ThreadId thread, CancellationToken cancellationToken);

    /// <summary>Reads a state item, or null where it does not exist or has expired.</summary>
    ValueTask<StateItem?> GetAsync(StateKey key, CancellationToken cancellationToken);

    /// <summary>Claims work for a time. What is not completed in time can be claimed again.</summary>
    ValueTask<IReadOnlyList<Claim>> ClaimAsync(ClaimRequest request, CancellationToken cancellationToken);

    /// <summary>Removes what expired or was trimmed; it is hidden already.</summary>
    ValueTask<SweepResult> SweepAsync(SweepBudget budget, CancellationToken cancellationToken);

    /// <summary>Stores a blob under its id; one that is there stays.</summary>
    ValueTask<HubStatus> PutBlobAsync(Bytes32 id, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken);

    /// <summary>Reads a blob, or null.</summary>
    ValueTask<ReadOnlyMemory<byte>?> GetBlobAsync(Bytes32 id, CancellationToken cancellationToken);
}
