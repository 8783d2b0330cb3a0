using AgentFlow.Hub.Stores;
using AgentFlow.Hub.Wakes;
using AgentFlow.Protocol.Hub;

namespace AgentFlow.Hub.Tests.Helpers;

/// <summary>A store that refuses commits when a test says so, and remembers how much was read at once.</summary>
internal sealed class FaultyStore(IEnvelopeStore inner) : IEnvelopeStore
{
    public Func<StoreCommit, HubStatus?> Refuse { get; set; } = _ => null;

    /// <summary>Awaited in front of every commit.</summary>
    public Func<StoreCommit, Task?> Delay { get; set; } = _ => null;

    public int LargestPage { get; set; }

    /// <summary>Whether somebody else opens and closes the store.</summary>
    public bool IsShared { get; init; }

    public IWakeSource Wakes => inner.Wakes;

    public DateTimeOffset Now => inner.Now;

    public ValueTask<StoreInfo> OpenAsync(CancellationToken cancellationToken) =>
        IsShared ? ValueTask.FromResult(new StoreInfo(default, 1, Now)) : inner.OpenAsync(cancellationToken);

    public async ValueTask<StoreResult> CommitAsync(StoreCommit commit, CancellationToken cancellationToken)
    {
        if (Delay(commit) is { } delay)
            await delay;
        return Refuse(commit) is { } status ? StoreResult.Failed(status) : await inner.CommitAsync(commit, cancellationToken);
    }

    public ValueTask<ThreadPage> ReadThreadAsync(ThreadId thread, long afterPosition, int maxCount, int maxBytes, CancellationToken cancellationToken)
    {
        LargestPage = Math.Max(LargestPage, maxCount);
        return inner.ReadThreadAsync(thread, afterPosition, maxCount, maxBytes, cancellationToken);
    }

    public ValueTask<Stores.ThreadInfo?> GetThreadAsync(ThreadId thread, CancellationToken cancellationToken) => inner.GetThreadAsync(thread, cancellationToken);

    public ValueTask<LogPosition?> FindAsync(ThreadId thread, MessageId messageId, CancellationToken cancellationToken) => inner.FindAsync(thread, messageId, cancellationToken);

    public ValueTask<Bytes32?> GetThreadHashAsync(ThreadId thread, long position, CancellationToken cancellationToken) => inner.GetThreadHashAsync(thread, position, cancellationToken);

    public ValueTask<IReadOnlyList<Member>> ReadMembersAsync(ThreadId thread, CancellationToken cancellationToken) => inner.ReadMembersAsync(thread, cancellationToken);

    public ValueTask<InboxPage> ReadInboxAsync(AgentId agent, bool unreadOnly, string? cursor, int maxCount, CancellationToken cancellationToken) =>
        inner.ReadInboxAsync(agent, unreadOnly, cursor, maxCount, cancellationToken);

    public ValueTask<InboxEntry?> GetInboxAsync(AgentId agent, ThreadId thread, CancellationToken cancellationToken) => inner.GetInboxAsync(agent, thread, cancellationToken);

    public ValueTask<StateItem?> GetAsync(StateKey key, CancellationToken cancellationToken) => inner.GetAsync(key, cancellationToken);

    public ValueTask<IReadOnlyList<Claim>> ClaimAsync(ClaimRequest request, CancellationToken cancellationToken) => inner.ClaimAsync(request, cancellationToken);

    public ValueTask<SweepResult> SweepAsync(SweepBudget budget, CancellationToken cancellationToken) => inner.SweepAsync(budget, cancellationToken);

    public ValueTask<HubStatus> PutBlobAsync(Bytes32 id, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken) => inner.PutBlobAsync(id, bytes, cancellationToken);

    public ValueTask<ReadOnlyMemory<byte>?> GetBlobAsync(Bytes32 id, CancellationToken cancellationToken) => inner.GetBlobAsync(id, cancellationToken);

    public ValueTask DisposeAsync() => IsShared ? ValueTask.CompletedTask : inner.DisposeAsync();
}
