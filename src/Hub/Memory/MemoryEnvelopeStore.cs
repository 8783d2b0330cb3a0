using System.Security.Cryptography;
using AgentFlow.Hub.Stores;
using AgentFlow.Hub.Wakes;
using AgentFlow.Protocol.Hub;

namespace AgentFlow.Hub.Memory;

/// <summary>A store that lives as long as the process: for tests and for throw-away sessions. It obeys every rule of the contract but durability. Thread-safe.</summary>
/// <param name="time">The clock; null takes the system's.</param>
/// <param name="wakes">Where hints go; null keeps them in the process.</param>
public sealed class MemoryEnvelopeStore(TimeProvider? time = null, IWakeBus? wakes = null) : IEnvelopeStore
{
    private readonly Lock _gate = new();
    private readonly MemoryData _data = new();
    private readonly IWakeBus _wakes = wakes ?? new InProcessWakes();
    private readonly StoreClock _clock = new(time ?? TimeProvider.System);
    private MemoryClaims? _claims;

    /// <inheritdoc/>
    public IWakeSource Wakes => _wakes;

    /// <inheritdoc/>
    public DateTimeOffset Now => StoreClock.ToTime(_clock.Now());

    private MemoryClaims Claims => _claims ?? throw new InvalidOperationException("The store is not open. Call OpenAsync first.");

    /// <inheritdoc/>
    public ValueTask<StoreInfo> OpenAsync(CancellationToken cancellationToken)
    {
        if (_claims is not null)
            throw new InvalidOperationException("The store is open already.");
        _claims = new MemoryClaims(_data, _clock);
        return ValueTask.FromResult(new StoreInfo(new Guid(RandomNumberGenerator.GetBytes(16)), 1, Now));
    }

    /// <inheritdoc/>
    public ValueTask<StoreResult> CommitAsync(StoreCommit commit, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(commit);
        cancellationToken.ThrowIfCancellationRequested();
        var status = commit.Check();
        if (status != HubStatus.Ok)
            return ValueTask.FromResult(StoreResult.Failed(status));
        StoreResult result;
        lock (_gate)
        {
            result = Apply(commit);
            if (result.Status == HubStatus.Ok)
                _data.Keep();
            else
                _data.Rollback();
        }

        if (result.Status == HubStatus.Ok && !result.IsRepetition)
            CommitHints.Publish(_wakes, commit);
        return ValueTask.FromResult(result);
    }

    /// <inheritdoc/>
    public ValueTask<ThreadPage> ReadThreadAsync(ThreadId thread, long afterPosition, int maxCount, int maxBytes, CancellationToken cancellationToken) =>
        Read(d => MemoryReads.Page(d, thread, afterPosition, maxCount, maxBytes, _clock.Now()));

    /// <inheritdoc/>
    public ValueTask<ThreadInfo?> GetThreadAsync(ThreadId thread, CancellationToken cancellationToken) =>
        Read(d => d.TryFind(thread, out var t) ? new ThreadInfo(t.Creation.Kind, t.Head, t.First, t.IsClosed, t.MembersVersion) : null);

    /// <inheritdoc/>
    public ValueTask<LogPosition?> FindAsync(ThreadId thread, MessageId messageId, CancellationToken cancellationToken) =>
        Read(d => d.TryFind(thread, out var t) && t.Positions.TryGetValue(messageId, out long position)
            ? (LogPosition?)new LogPosition(position, t.Log[(int)position - 1].Append.BodyHash)
            : null);

    /// <inheritdoc/>
    public ValueTask<Bytes32?> GetThreadHashAsync(ThreadId thread, long position, CancellationToken cancellationToken) =>
        Read(d => d.TryFind(thread, out var t) && position >= 1 && position <= t.Head ? (Bytes32?)t.Log[(int)position - 1].Append.ThreadHash : null);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<Member>> ReadMembersAsync(ThreadId thread, CancellationToken cancellationToken) =>
        Read(d => d.TryFind(thread, out var t) ? (IReadOnlyList<Member>)[.. t.Members] : []);

    /// <inheritdoc/>
    public ValueTask<InboxPage> ReadInboxAsync(AgentId agent, bool unreadOnly, string? cursor, int maxCount, CancellationToken cancellationToken)
    {
        var from = InboxCursor.Parse(cursor);
        return Read(d => MemoryReads.Inbox(d, agent, unreadOnly, from, maxCount));
    }

    /// <inheritdoc/>
    public ValueTask<InboxEntry?> GetInboxAsync(AgentId agent, ThreadId thread, CancellationToken cancellationToken) =>
        Read(d => d.FindRow(agent, thread) is { } row ? MemoryReads.Entry(row) : null);

    /// <inheritdoc/>
    public ValueTask<StateItem?> GetAsync(StateKey key, CancellationToken cancellationToken) =>
        Read(d => d.States.GetValueOrDefault(key) is { } state && state.Exists(_clock.Now())
            ? new StateItem(state.Value, state.Version, state.Expiry is { } expiry ? StoreClock.ToTime(expiry) : null)
            : null);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<Claim>> ClaimAsync(ClaimRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        return Read(d =>
        {
            var claims = Claims.Take(request);
            d.Keep();
            return claims;
        });
    }

    /// <inheritdoc/>
    public ValueTask<SweepResult> SweepAsync(SweepBudget budget, CancellationToken cancellationToken) =>
        Read(d => MemoryReads.Sweep(d, budget, _clock.Now()));

    /// <inheritdoc/>
    public ValueTask<HubStatus> PutBlobAsync(Bytes32 id, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken) =>
        Read(d =>
        {
            d.Blobs.TryAdd(id, bytes.ToArray());
            return HubStatus.Ok;
        });

    /// <inheritdoc/>
    public ValueTask<ReadOnlyMemory<byte>?> GetBlobAsync(Bytes32 id, CancellationToken cancellationToken) =>
        Read(d => d.Blobs.TryGetValue(id, out byte[]? bytes) ? (ReadOnlyMemory<byte>?)bytes : null);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private StoreResult Apply(StoreCommit commit)
    {
        if (commit.Fence is { } fence && !Claims.IsHeld(fence))
            return StoreResult.Failed(HubStatus.Fenced);
        long now = _clock.Now();
        long[] values = new long[commit.Ops.Count];
        for (int i = 0; i < values.Length; i++)
        {
            var result = Apply(commit.Ops[i], now);
            if (result.IsRepetition && i == 0)
                return new StoreResult(HubStatus.Ok, [result.Value], IsRepetition: true);
            if (result.IsRepetition)
                result = OpResult.Failed(HubStatus.Conflict, result.Value);
            if (!result.IsOk)
                return StoreResult.Failed(result.Status, result.Value);
            values[i] = result.Value;
        }

        return new StoreResult(HubStatus.Ok, values);
    }

    private OpResult Apply(StoreOp op, long now) => op switch
    {
        StoreOp.Append append => MemoryOps.Append(_data, append, now),
        StoreOp.NoteInbox note => MemoryOps.Note(_data, note, now),
        StoreOp.Ack ack => MemoryOps.Ack(_data, ack, now),
        StoreOp.Put put => MemoryOps.Put(_data, put, now),
        StoreOp.Del del => MemoryOps.Del(_data, del, now),
        StoreOp.Create create => MemoryOps.Create(_data, create),
        StoreOp.SetMembers members => MemoryOps.SetMembers(_data, members),
        StoreOp.Close close => MemoryOps.Close(_data, close),
        StoreOp.Trim trim => MemoryOps.Trim(_data, trim),
        StoreOp.Complete complete => Claims.Complete(complete),
        _ => throw new InvalidOperationException($"The store does not know the operation {op.GetType().Name}."),
    };

    private ValueTask<T> Read<T>(Func<MemoryData, T> work)
    {
        lock (_gate)
            return ValueTask.FromResult(work(_data));
    }
}
