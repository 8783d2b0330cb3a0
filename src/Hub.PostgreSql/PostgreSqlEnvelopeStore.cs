using AgentFlow.Hub.PostgreSql.Connections;
using AgentFlow.Hub.PostgreSql.Lanes;
using AgentFlow.Hub.PostgreSql.Reads;
using AgentFlow.Hub.PostgreSql.Schema;
using AgentFlow.Hub.PostgreSql.Wakes;
using AgentFlow.Hub.Stores;
using AgentFlow.Hub.Wakes;
using AgentFlow.Protocol.Hub;
using AgentFlow.Storage;
using AgentFlow.Storage.PostgreSql.Connections;
using AgentFlow.Storage.PostgreSql.Schema;
using Npgsql;

namespace AgentFlow.Hub.PostgreSql;

/// <summary>The store of a hub in a PostgreSQL database that any number of hubs share. Order, uniqueness and leases are the database's. Thread-safe.</summary>
public sealed class PostgreSqlEnvelopeStore : IEnvelopeStore
{
    private readonly PostgreSqlOptions _options;
    private readonly Database _database;
    private IWakeBus? _wakes;
    private PostgreSqlWakes? _ownWakes;
    private Lane[] _lanes = [];
    private bool _isClosed;

    /// <summary>Names the database; nothing is opened yet.</summary>
    /// <param name="options">The settings. Do not change them later.</param>
    /// <param name="wakes">Where hints go; null tells the other hubs by NOTIFY, and listens to them.</param>
    /// <exception cref="StorageException">A setting makes no sense.</exception>
    public PostgreSqlEnvelopeStore(PostgreSqlOptions options, IWakeBus? wakes = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Check();
        (_options, _wakes) = (options, wakes);
        _database = new Database(options);
    }

    /// <inheritdoc/>
    public IWakeSource Wakes => _wakes ?? throw NotOpen();

    /// <inheritdoc/>
    public DateTimeOffset Now => _database.Clock.Now;

    private Database Open => _lanes.Length > 0 ? _database : throw NotOpen();

    /// <inheritdoc/>
    /// <exception cref="StorageException">The database cannot be reached, or cannot serve a hub; the message says what to change.</exception>
    public async ValueTask<StoreInfo> OpenAsync(CancellationToken cancellationToken)
    {
        if (_lanes.Length > 0)
            throw new InvalidOperationException("The store is open already.");
        StoreInfo info;
        try
        {
            await using (var connection = await _database.ConnectAsync(cancellationToken).ConfigureAwait(false))
            {
                await ServerCheck.RunAsync(connection, _options.AllowUnsafeServer, cancellationToken).ConfigureAwait(false);
                await SchemaUpdate.RunAsync(connection, SchemaSteps.Name, SchemaSteps.All, cancellationToken).ConfigureAwait(false);
                info = await BeginEpochAsync(connection, cancellationToken).ConfigureAwait(false);
            }

            string listen = _options.ListenConnectionString ?? _options.ConnectionString;
            _wakes ??= _ownWakes = await PostgreSqlWakes.StartAsync(_database, listen, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (Failures.IsOfDatabase(e))
        {
            throw new StorageException(
                StorageErrorKind.Unavailable,
                $"PostgreSQL cannot be opened: {e.Message} Check that the server runs, and host, port, user, password and database of the connection string.",
                e);
        }

        var lanes = new Lane[_options.Lanes];
        for (int i = 0; i < lanes.Length; i++)
            lanes[i] = new Lane(_database, _options);
        _lanes = lanes;
        return info;
    }

    /// <inheritdoc/>
    public async ValueTask<StoreResult> CommitAsync(StoreCommit commit, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(commit);
        var status = commit.Check();
        if (status != HubStatus.Ok)
            return StoreResult.Failed(status);
        cancellationToken.ThrowIfCancellationRequested();
        if (_lanes.Length == 0)
            throw NotOpen();
        FailPoint.Hit(HubFailPoints.BeforeCommit);
        var pending = new PendingCommit(commit);
        if (!_lanes[commit.Shard.Number % _lanes.Length].TryAdd(pending))
            return StoreResult.Failed(_isClosed ? HubStatus.Unavailable : HubStatus.Busy);
        var result = await pending.Answer.WaitAsync(cancellationToken).ConfigureAwait(false);
        FailPoint.Hit(HubFailPoints.AfterCommitBeforeReply);
        if (result.Status == HubStatus.Ok && !result.IsRepetition)
        {
            FailPoint.Hit(HubFailPoints.BeforeNotify);
            CommitHints.Publish(_wakes!, commit);
        }

        return result;
    }

    /// <inheritdoc/>
    public ValueTask<ThreadPage> ReadThreadAsync(ThreadId thread, long afterPosition, int maxCount, int maxBytes, CancellationToken cancellationToken) =>
        ThreadQueries.PageAsync(Open, thread, afterPosition, maxCount, maxBytes, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<ThreadInfo?> GetThreadAsync(ThreadId thread, CancellationToken cancellationToken) =>
        ThreadQueries.InfoAsync(Open, thread, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<LogPosition?> FindAsync(ThreadId thread, MessageId messageId, CancellationToken cancellationToken) =>
        ThreadQueries.FindAsync(Open, thread, messageId, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<Bytes32?> GetThreadHashAsync(ThreadId thread, long position, CancellationToken cancellationToken) =>
        ThreadQueries.ThreadHashAsync(Open, thread, position, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<Member>> ReadMembersAsync(ThreadId thread, CancellationToken cancellationToken) =>
        ThreadQueries.MembersAsync(Open, thread, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<InboxPage> ReadInboxAsync(AgentId agent, bool unreadOnly, string? cursor, int maxCount, CancellationToken cancellationToken) =>
        InboxQueries.PageAsync(Open, agent, unreadOnly, InboxCursor.Parse(cursor), maxCount, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<InboxEntry?> GetInboxAsync(AgentId agent, ThreadId thread, CancellationToken cancellationToken) =>
        InboxQueries.OneAsync(Open, agent, thread, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<StateItem?> GetAsync(StateKey key, CancellationToken cancellationToken) => ItemQueries.GetAsync(Open, key, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<Claim>> ClaimAsync(ClaimRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        return request.Kind == ClaimKind.Inbox ? Claims.InboxAsync(Open, request, cancellationToken) : Claims.FanOutAsync(Open, request, cancellationToken);
    }

    /// <inheritdoc/>
    public ValueTask<SweepResult> SweepAsync(SweepBudget budget, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(budget);
        return Claims.SweepAsync(Open, budget, cancellationToken);
    }

    /// <inheritdoc/>
    public async ValueTask<HubStatus> PutBlobAsync(Bytes32 id, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        try
        {
            return await ItemQueries.PutBlobAsync(Open, id, bytes, cancellationToken).ConfigureAwait(false);
        }
        catch (StorageException e)
        {
            return HubAnswers.Of(e.Kind);
        }
    }

    /// <inheritdoc/>
    public ValueTask<ReadOnlyMemory<byte>?> GetBlobAsync(Bytes32 id, CancellationToken cancellationToken) =>
        ItemQueries.GetBlobAsync(Open, id, cancellationToken);

    /// <summary>Finishes the commits that wait, and closes every connection.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isClosed, true))
            return;
        foreach (var lane in _lanes)
            await lane.DisposeAsync().ConfigureAwait(false);
        if (_ownWakes is not null)
            await _ownWakes.DisposeAsync().ConfigureAwait(false);
        await _database.DisposeAsync().ConfigureAwait(false);
    }

    private static InvalidOperationException NotOpen() => new("The store is not open. Call OpenAsync first.");

    private async Task<StoreInfo> BeginEpochAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("UPDATE agentflow.meta SET epoch=epoch+1 RETURNING store_id,epoch,agentflow.now(clock,false)", connection);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
        await reader.ReadAsync(cancellationToken).ConfigureAwait(false);
        _database.Clock.Observe(reader.GetInt64(2));
        return new StoreInfo(reader.GetGuid(0), reader.GetInt64(1), Now);
    }
}
