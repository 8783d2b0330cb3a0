using System.Diagnostics;
using System.Runtime.CompilerServices;
using AgentFlow.Hub.Agents;
using AgentFlow.Hub.Callers;
using AgentFlow.Hub.Pumps;
using AgentFlow.Hub.Stores;
using AgentFlow.Hub.Subscriptions;
using AgentFlow.Hub.Threads;
using AgentFlow.Protocol.Crypto;
using AgentFlow.Protocol.Hub;
using AgentFlow.Storage;

namespace AgentFlow.Hub;

/// <summary>A hub in this process, over any store. It keeps nothing in memory whose loss matters. Thread-safe.</summary>
public sealed class InProcessHub : IHub, IHubAuthority, IAsyncDisposable
{
    private readonly IEnvelopeStore _store;
    private readonly HubOptions _options;
    private readonly AgentDirectory _agents;
    private readonly ThreadAppender _threads;
    private readonly CallerRecords _callers;
    private readonly FanOutPump _fanOut;
    private readonly SweepPump _sweep;
    private readonly DeliveredPositions _delivered;
    private readonly CancellationTokenSource _stop = new();

    private InProcessHub(IEnvelopeStore store, HubOptions options)
    {
        (_store, _options) = (store, options);
        _agents = new AgentDirectory(store, options.CachedAgents);
        _threads = new ThreadAppender(store, new EnvelopeGate(store, _agents, !options.TrustOwnProcess), options);
        _callers = new CallerRecords(store, _agents, options.CachedThreads);
        _fanOut = new FanOutPump(store, options);
        _sweep = new SweepPump(store, options);
        _delivered = new DeliveredPositions(options.CachedThreads);
        _fanOut.Start();
    }

    /// <summary>Opens the store and starts the hub on it.</summary>
    /// <param name="store">A store that is not open yet. The hub owns it from here on and disposes it.</param>
    /// <param name="options">The settings; null takes the defaults.</param>
    /// <param name="cancellationToken">Cancels the opening.</param>
    /// <exception cref="StorageException">The store cannot be opened; it is disposed.</exception>
    public static async ValueTask<InProcessHub> StartAsync(IEnvelopeStore store, HubOptions? options, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(store);
        try
        {
            await store.OpenAsync(cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            await store.DisposeAsync().ConfigureAwait(false);
            throw;
        }

        return new InProcessHub(store, options ?? new HubOptions());
    }

    /// <summary>Raises every inbox for what was committed before the call. The hub does so by itself; tests call this instead of waiting.</summary>
    public ValueTask DrainAsync(CancellationToken cancellationToken) => _fanOut.DrainAsync(cancellationToken);

    /// <inheritdoc/>
    public ValueTask<HubStatus> RegisterAgentAsync(AgentRegistration registration, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(registration);
        return _agents.RegisterAsync(registration, cancellationToken);
    }

    /// <inheritdoc/>
    public ValueTask<AgentRegistration?> ReadAgentAsync(AgentId agent, CancellationToken cancellationToken) => _agents.ReadAsync(agent, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<AgentId?> ResolveNameAsync(string name, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(name);
        return _agents.ResolveAsync(name, cancellationToken);
    }

    /// <inheritdoc/>
    public async ValueTask<AppendResult> CreateThreadAsync(ThreadId thread, MessageId messageId, ReadOnlyMemory<byte> genesis, CancellationToken cancellationToken)
    {
        using var activity = Telemetry.Activities.StartActivity("agentflow.hub.create_thread", ActivityKind.Internal);
        return Telemetry.Count(await _threads.CreateAsync(thread, messageId, genesis, cancellationToken).ConfigureAwait(false));
    }

    /// <inheritdoc/>
    public ValueTask<AppendResult> AppendAsync(ThreadId thread, MessageId messageId, ReadOnlyMemory<byte> envelope, CancellationToken cancellationToken) =>
        AppendForAsync(null, thread, messageId, envelope, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<ThreadPage> ReadThreadAsync(ThreadId thread, long afterPosition, int maxCount, int maxBytes, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(afterPosition);
        HubArguments.CheckPage(maxCount);
        return _store.ReadThreadAsync(thread, afterPosition, maxCount, maxBytes, cancellationToken);
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<Delivery> SubscribeAsync(
        AgentId agent, IReadOnlyDictionary<ThreadId, long> resume, int credit, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(resume);
        HubArguments.CheckCredit(credit);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _stop.Token);
        var subscription = new Subscription(_store, _options, _delivered, agent, resume, credit);
        await foreach (var delivery in subscription.StreamAsync(stop.Token).ConfigureAwait(false))
            yield return delivery;
    }

    /// <inheritdoc/>
    public async ValueTask<HubStatus> AcknowledgeAsync(AgentId agent, ThreadId thread, long upToPosition, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(upToPosition);
        if (!_delivered.Covers(agent, thread, upToPosition))
        {
            if (await _store.GetThreadAsync(thread, cancellationToken).ConfigureAwait(false) is not { } info)
                return HubStatus.NotFound;
            if (await _callers.CheckMemberAsync(agent, thread, cancellationToken).ConfigureAwait(false) is not HubStatus.Ok and var refusal)
                return refusal;
            upToPosition = Math.Min(upToPosition, info.Head);
        }

        var ack = new StoreOp.Ack(agent, thread, upToPosition);
        return (await _store.CommitAsync(new StoreCommit(ShardKey.Of(agent), [ack]), cancellationToken).ConfigureAwait(false)).Status;
    }

    /// <inheritdoc/>
    public ValueTask<InboxPage> ListInboxAsync(AgentId agent, bool unreadOnly, string? cursor, int maxCount, CancellationToken cancellationToken)
    {
        HubArguments.CheckPage(maxCount);
        return _store.ReadInboxAsync(agent, unreadOnly, cursor, maxCount, cancellationToken);
    }

    /// <inheritdoc/>
    public async ValueTask<Lease> AcquireLeaseAsync(AgentId agent, ThreadId thread, Guid owner, TimeSpan duration, CancellationToken cancellationToken)
    {
        HubArguments.CheckLease(owner, duration);
        if (await _callers.CheckMemberAsync(agent, thread, cancellationToken).ConfigureAwait(false) != HubStatus.Ok)
            return new Lease(HubStatus.NotMember, Guid.Empty, 0, default);
        var request = new ClaimRequest(ClaimKind.Inbox, owner, duration, 1, agent, thread);
        var claim = (await _store.ClaimAsync(request, cancellationToken).ConfigureAwait(false))[0];
        return new Lease(claim.Owner == owner ? HubStatus.Ok : HubStatus.Fenced, claim.Owner, claim.Token, claim.Until);
    }

    /// <inheritdoc/>
    public async ValueTask<HubStatus> ReleaseLeaseAsync(AgentId agent, ThreadId thread, Guid owner, long token, CancellationToken cancellationToken)
    {
        var complete = new StoreOp.Complete(new ClaimId(ClaimKind.Inbox, agent, thread), token);
        return (await _store.CommitAsync(new StoreCommit(ShardKey.Of(agent), [complete]), cancellationToken).ConfigureAwait(false)).Status;
    }

    /// <inheritdoc/>
    public ValueTask<HubStatus> PutBlobAsync(Bytes32 blobId, ReadOnlyMemory<byte> ciphertext, CancellationToken cancellationToken)
    {
        if (ciphertext.Length > _options.MaxBlobBytes)
            return ValueTask.FromResult(HubStatus.TooLarge);
        return AfHash.Hash(Labels.Blob, ciphertext.Span) == blobId
            ? _store.PutBlobAsync(blobId, ciphertext, cancellationToken)
            : ValueTask.FromResult(HubStatus.Invalid);
    }

    /// <inheritdoc/>
    public ValueTask<ReadOnlyMemory<byte>?> GetBlobAsync(Bytes32 blobId, CancellationToken cancellationToken) => _store.GetBlobAsync(blobId, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<AppendResult> AppendAsync(
        AgentId caller, ThreadId thread, MessageId messageId, ReadOnlyMemory<byte> envelope, CancellationToken cancellationToken) =>
        AppendForAsync(caller, thread, messageId, envelope, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<HubStatus> CheckMemberAsync(AgentId agent, ThreadId thread, CancellationToken cancellationToken) =>
        _callers.CheckMemberAsync(agent, thread, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<bool> IsDeviceAsync(AgentId agent, Bytes32 device, TimeSpan maxAge, CancellationToken cancellationToken) =>
        _callers.IsDeviceAsync(agent, device, maxAge, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<Bytes32?> GetDaySecretAsync(int day, bool isMade, CancellationToken cancellationToken) =>
        _callers.GetDaySecretAsync(day, isMade, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<HubStatus> UseChallengeAsync(ReadOnlyMemory<byte> challenge, TimeSpan keep, CancellationToken cancellationToken) =>
        _callers.UseChallengeAsync(challenge, keep, cancellationToken);

    /// <summary>Ends the subscriptions, finishes what was committed, and closes the store.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await _sweep.DisposeAsync().ConfigureAwait(false);
        await _fanOut.DisposeAsync().ConfigureAwait(false);
        await _store.DisposeAsync().ConfigureAwait(false);
    }

    private async ValueTask<AppendResult> AppendForAsync(
        AgentId? caller, ThreadId thread, MessageId messageId, ReadOnlyMemory<byte> envelope, CancellationToken cancellationToken)
    {
        using var activity = Telemetry.Activities.StartActivity("agentflow.hub.append", ActivityKind.Internal);
        return Telemetry.Count(await _threads.AppendAsync(caller, thread, messageId, envelope, cancellationToken).ConfigureAwait(false));
    }
}
