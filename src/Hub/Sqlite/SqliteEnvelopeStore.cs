using System.Security.Cryptography;
using AgentFlow.Hub.Stores;
using AgentFlow.Hub.Wakes;
using AgentFlow.Protocol.Hub;
using AgentFlow.Storage;

namespace AgentFlow.Hub.Sqlite;

/// <summary>The store of a hub in one SQLite database, open in one process at a time. Thread-safe.</summary>
public sealed class SqliteEnvelopeStore : IEnvelopeStore
{
    private readonly string _path;
    private readonly SqliteOptions _options;
    private readonly IWakeBus _wakes;
    private readonly StoreClock _clock;
    private SqliteStore? _store;
    private FanOutLease? _fanOut;
    private CommitApplier? _applier;

    /// <summary>Names the database; nothing is opened yet.</summary>
    /// <param name="path">The database file.</param>
    /// <param name="options">The settings, the clock among them; null takes the defaults.</param>
    /// <param name="wakes">Where hints go; null keeps them in the process.</param>
    public SqliteEnvelopeStore(string path, SqliteOptions? options = null, IWakeBus? wakes = null)
    {
        _path = path;
        _options = options ?? new SqliteOptions();
        _wakes = wakes ?? new InProcessWakes();
        _clock = new StoreClock(_options.TimeProvider);
    }

    /// <inheritdoc/>
    public IWakeSource Wakes => _wakes;

    /// <inheritdoc/>
    public DateTimeOffset Now => StoreClock.ToTime(_clock.Now());

    /// <summary>The counters of the database since it was opened.</summary>
    public StoreStatistics Statistics => Store.Statistics;

    internal SqliteStore Store => _store ?? throw new InvalidOperationException("The store is not open. Call OpenAsync first.");

    /// <inheritdoc/>
    /// <exception cref="StorageException">The database cannot be opened; <see cref="StorageException.Kind"/> says why.</exception>
    public async ValueTask<StoreInfo> OpenAsync(CancellationToken cancellationToken)
    {
        if (_store is not null)
            throw new InvalidOperationException("The store is open already.");
        _store = SqliteStore.Open(_path, _options, HubSchema.Steps);
        _fanOut = new FanOutLease(_clock, _store.Epoch);
        _applier = new CommitApplier(_clock, _fanOut);
        var (id, time) = await _store.WriteAsync(ReadIdentity, cancellationToken).ConfigureAwait(false);
        _clock.StartAt(time);
        return new StoreInfo(id, _store.Epoch, Now);
    }

    /// <inheritdoc/>
    public async ValueTask<StoreResult> CommitAsync(StoreCommit commit, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(commit);
        var status = commit.Check();
        if (status != HubStatus.Ok)
            return StoreResult.Failed(status);
        StoreResult result;
        try
        {
            FailPoint.Hit(HubFailPoints.BeforeCommit);
            result = await Store.WriteAsync((_applier, commit), static (s, x) => x._applier!.Apply(s, x.commit), commit.Bytes, KindOf(commit), cancellationToken)
                .ConfigureAwait(false);
        }
        catch (StorageException e) when (StatusOf(e) is { } failed)
        {
            return StoreResult.Failed(failed);
        }

        FailPoint.Hit(HubFailPoints.AfterCommitBeforeReply);
        if (result.Status == HubStatus.Ok && !result.IsRepetition)
        {
            FailPoint.Hit(HubFailPoints.BeforeNotify);
            CommitHints.Publish(_wakes, commit);
        }

        return result;
    }

    /// <inheritdoc/>
    public ValueTask<ThreadPage> ReadThreadAsync(ThreadId thread, long afterPosition, int maxCount, int maxBytes, CancellationToken cancellationToken) =>
        Store.ReadAsync(s => ThreadReads.Page(s, thread, afterPosition, maxCount, maxBytes, _clock.Now()), cancellationToken);

    /// <inheritdoc/>
    public ValueTask<ThreadInfo?> GetThreadAsync(ThreadId thread, CancellationToken cancellationToken) =>
        Store.ReadAsync(thread, ThreadReads.Info, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<LogPosition?> FindAsync(ThreadId thread, MessageId messageId, CancellationToken cancellationToken) =>
        Store.ReadAsync((thread, messageId), static (s, x) => ThreadReads.Find(s, x.thread, x.messageId), cancellationToken);

    /// <inheritdoc/>
    public ValueTask<Bytes32?> GetThreadHashAsync(ThreadId thread, long position, CancellationToken cancellationToken) =>
        Store.ReadAsync((thread, position), static (s, x) => ThreadReads.ThreadHash(s, x.thread, x.position), cancellationToken);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<Member>> ReadMembersAsync(ThreadId thread, CancellationToken cancellationToken) =>
        Store.ReadAsync(thread, ThreadReads.Members, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<InboxPage> ReadInboxAsync(AgentId agent, bool unreadOnly, string? cursor, int maxCount, CancellationToken cancellationToken)
    {
        var from = InboxCursor.Parse(cursor);
        return Store.ReadAsync(s => InboxReads.Page(s, agent, unreadOnly, from, maxCount), cancellationToken);
    }

    /// <inheritdoc/>
    public ValueTask<InboxEntry?> GetInboxAsync(AgentId agent, ThreadId thread, CancellationToken cancellationToken) =>
        Store.ReadAsync((agent, thread), static (s, x) => InboxReads.One(s, x.agent, x.thread), cancellationToken);

    /// <inheritdoc/>
    public ValueTask<StateItem?> GetAsync(StateKey key, CancellationToken cancellationToken) =>
        Store.ReadAsync((key, _clock), static (s, x) => StateOps.Get(s, x.key, x._clock.Now()), cancellationToken);

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<Claim>> ClaimAsync(ClaimRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (request.Kind == ClaimKind.Inbox)
        {
            return await Store.WriteAsync(
                (request, _clock), static (s, x) => InboxClaims.Take(s, x.request, x._clock), 64, WriteKind.Frees, cancellationToken).ConfigureAwait(false);
        }

        var (upTo, work) = await Store.ReadAsync(request.Max, FanOutClaims.Read, cancellationToken).ConfigureAwait(false);
        return upTo > 0 && _fanOut!.TryTake(request, upTo, work) is { } claim ? [claim] : [];
    }

    /// <inheritdoc/>
    public ValueTask<SweepResult> SweepAsync(SweepBudget budget, CancellationToken cancellationToken) =>
        Store.WriteAsync((budget, _clock), static (s, x) => Sweeper.Sweep(s, x.budget, x._clock.Now()), 0, WriteKind.Frees, cancellationToken);

    /// <inheritdoc/>
    public async ValueTask<HubStatus> PutBlobAsync(Bytes32 id, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        try
        {
            return await Store.WriteAsync((id, bytes, _clock), static (s, x) => BlobRows.Put(s, x.id, x.bytes.Span, x._clock.Now()), bytes.Length, WriteKind.Grows, cancellationToken)
                .ConfigureAwait(false);
        }
        catch (StorageException e) when (StatusOf(e) is { } failed)
        {
            return failed;
        }
    }

    /// <inheritdoc/>
    public ValueTask<ReadOnlyMemory<byte>?> GetBlobAsync(Bytes32 id, CancellationToken cancellationToken) =>
        Store.ReadAsync(id, BlobRows.Get, cancellationToken);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _store?.DisposeAsync() ?? ValueTask.CompletedTask;

    private static HubStatus? StatusOf(StorageException error) => error.Kind switch
    {
        StorageErrorKind.Busy => HubStatus.Busy,
        StorageErrorKind.DiskFull or StorageErrorKind.Unavailable or StorageErrorKind.Closed => HubStatus.Unavailable,
        StorageErrorKind.Corrupt => HubStatus.Corrupt,
        StorageErrorKind.Fenced => HubStatus.Fenced,
        StorageErrorKind.TooLarge => HubStatus.TooLarge,
        _ => null,
    };

    private static WriteKind KindOf(StoreCommit commit)
    {
        foreach (var op in commit.Ops)
        {
            if (op is StoreOp.Append or StoreOp.Put or StoreOp.Create or StoreOp.SetMembers)
                return WriteKind.Grows;
        }

        return WriteKind.Frees;
    }

    private static (Guid Id, long Time) ReadIdentity(WriteSession session)
    {
        session.Prepare("INSERT INTO meta(k,v) VALUES('store_id',?1) ON CONFLICT DO NOTHING").Bind(1, RandomNumberGenerator.GetBytes(16)).Run();
        var id = session.Prepare("SELECT v FROM meta WHERE k='store_id'");
        id.Step();
        var time = session.Prepare("SELECT max(coalesce((SELECT v FROM meta WHERE k='clock'),0),coalesce((SELECT at FROM log ORDER BY pos DESC LIMIT 1),0))");
        time.Step();
        return (new Guid(id.GetBlob(0)), time.GetInt64(0));
    }
}
