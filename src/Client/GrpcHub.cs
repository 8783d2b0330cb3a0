using AgentFlow.Client.Appends;
using AgentFlow.Client.Blobs;
using AgentFlow.Client.Login;
using AgentFlow.Client.Subscriptions;
using AgentFlow.Client.Transport;
using AgentFlow.Protocol.Envelopes;
using AgentFlow.Protocol.Hub;
using AgentFlow.Protocol.Identity;
using AgentFlow.Wire.Messages;
using AgentFlow.Wire.Values;
using Google.Protobuf;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace AgentFlow;

/// <summary>A hub in another process or on another machine, over gRPC. Thread-safe.</summary>
/// <remarks>
/// Connections are opened when they are needed and again when they break. A write whose answer does not come is <see cref="HubStatus.Unavailable"/>: its
/// outcome is unknown, so repeat it with the same ids. Reads throw <see cref="HubException"/> when the hub has not answered for <see cref="GrpcHubOptions.RetryFor"/>.
/// A subscription goes on after the last envelope that it gave, as often as its stream breaks.
/// What <see cref="Connect"/> returns registers agents; for all else use what <see cref="ActAs"/> returns, which logs in when it is used and again before its
/// token ends. Where the hub refuses that, a call throws <see cref="HubException"/> with <see cref="HubStatus.Unauthenticated"/>.
/// </remarks>
/// <example><code>
/// await using var hub = GrpcHub.Connect(new Uri("https://hub.example.org"));
/// await hub.RegisterAgentAsync(registration, cancellationToken);
/// IHub mine = hub.ActAs(new HubCredential(agent, deviceKey));
/// </code></example>
public sealed class GrpcHub : IHub, IAsyncDisposable
{
    private readonly HubConnection _connection;
    private readonly GrpcHub? _owner;
    private readonly HubLine _line;
    private readonly HubCalls _calls;
    private readonly AppendLanes _appends;
    private readonly BlobTransfer _blobs;

    private GrpcHub(HubConnection connection, GrpcHub? owner, ITokenSource? tokens)
    {
        (_connection, _owner) = (connection, owner);
        _line = new HubLine(connection, tokens);
        _calls = new HubCalls(_line);
        _appends = new AppendLanes(_line);
        _blobs = new BlobTransfer(_line, _calls);
    }

    /// <summary>Makes a hub of an address. Nothing is sent yet.</summary>
    /// <param name="address">Scheme, host and port.</param>
    /// <param name="options">The settings, read once; null takes the defaults.</param>
    /// <param name="clock">The clock of time-outs and pauses; null takes the system's.</param>
    /// <param name="loggers">Where it logs; null logs nothing.</param>
    /// <exception cref="ArgumentException">The address is not http or https, or is http and not loopback.</exception>
    public static GrpcHub Connect(Uri address, GrpcHubOptions? options = null, TimeProvider? clock = null, ILoggerFactory? loggers = null)
    {
        ArgumentNullException.ThrowIfNull(address);
        options ??= new GrpcHubOptions();
        CheckAddress(address, options);
        var logger = (loggers ?? NullLoggerFactory.Instance).CreateLogger("AgentFlow.Client");
        return new GrpcHub(new HubConnection(address, options, clock ?? TimeProvider.System, logger), null, null);
    }

    /// <summary>The hub as one device of an agent uses it, over the connections of this one, which ends it when it is disposed.</summary>
    /// <param name="credential">Who calls. The agent must be registered before the first call.</param>
    public IHub ActAs(HubCredential credential)
    {
        ArgumentNullException.ThrowIfNull(credential);
        return new GrpcHub(_connection, _owner ?? this, new HubSession(_connection, credential));
    }

    /// <inheritdoc/>
    public ValueTask<HubStatus> RegisterAgentAsync(AgentRegistration registration, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(registration);
        var request = new RegisterAgentRequest
        {
            Agent = registration.Agent.ToWire(),
            IdentityLog = UnsafeByteOperations.UnsafeWrap(registration.IdentityLog),
            KeyBundle = UnsafeByteOperations.UnsafeWrap(registration.KeyBundle),
        };
        return _calls.WriteAsync("RegisterAgent", request, RegisterAgentResponse.Parser, cancellationToken);
    }

    /// <inheritdoc/>
    public async ValueTask<AgentRegistration?> ReadAgentAsync(AgentId agent, CancellationToken cancellationToken)
    {
        var request = new ReadAgentRequest { Agent = agent.ToWire() };
        return await _calls.FindAsync("ReadAgent", request, ReadAgentResponse.Parser, cancellationToken).ConfigureAwait(false) is { } known
            ? new AgentRegistration(agent, known.IdentityLog.Memory, known.KeyBundle.Memory)
            : null;
    }

    /// <inheritdoc/>
    public async ValueTask<AgentId?> ResolveNameAsync(string name, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(name);
        var request = new ResolveNameRequest { Name = name };
        if (await _calls.FindAsync("ResolveName", request, ResolveNameResponse.Parser, cancellationToken).ConfigureAwait(false) is not { } known)
            return null;
        return known.Agent.TryRead(out AgentId agent) ? agent : throw _calls.Damaged("ResolveName");
    }

    /// <inheritdoc/>
    public async ValueTask<AppendResult> CreateThreadAsync(
        ThreadId thread, MessageId messageId, ReadOnlyMemory<byte> genesis, CancellationToken cancellationToken)
    {
        if (genesis.Length > EnvelopeView.MaximumSize)
            return AppendResult.Refused(HubStatus.TooLarge);
        var request = new CreateThreadRequest { Thread = thread.ToWire(), MessageId = messageId.ToWire(), Genesis = UnsafeByteOperations.UnsafeWrap(genesis) };
        var (response, status) = await _calls.OnceAsync("CreateThread", request, CreateThreadResponse.Parser, cancellationToken).ConfigureAwait(false);
        return response is null ? AppendResult.Refused(status) : WireEnvelopes.ToResult(response.Position, response.IsDuplicate);
    }

    /// <inheritdoc/>
    public async ValueTask<AppendResult> AppendAsync(ThreadId thread, MessageId messageId, ReadOnlyMemory<byte> envelope, CancellationToken cancellationToken)
    {
        if (envelope.Length > EnvelopeView.MaximumSize)
            return AppendResult.Refused(HubStatus.TooLarge);
        var request = new AppendRequest { Thread = thread.ToWire(), MessageId = messageId.ToWire(), Envelope = UnsafeByteOperations.UnsafeWrap(envelope) };
        return await _appends.AppendAsync(thread, request, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask<ThreadPage> ReadThreadAsync(ThreadId thread, long afterPosition, int maxCount, int maxBytes, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(afterPosition);
        HubArguments.CheckPage(maxCount);
        var request = new ReadThreadRequest { Thread = thread.ToWire(), AfterPosition = afterPosition, MaxCount = maxCount, MaxBytes = maxBytes };
        var (page, status) = await _calls.RepeatAsync("ReadThread", request, ReadThreadResponse.Parser, cancellationToken).ConfigureAwait(false);
        if (page is null)
            return status is HubStatus.NotFound or HubStatus.NotMember ? new ThreadPage(status, 0, 0, []) : throw _calls.Refused("ReadThread", status);
        var envelopes = new List<StoredEnvelope>(page.Envelopes.Count);
        foreach (var placed in page.Envelopes)
            envelopes.Add(placed.TryRead(out var envelope) ? envelope! : throw _calls.Damaged("ReadThread"));
        return new ThreadPage(HubStatus.Ok, page.FirstAvailable, page.Head, envelopes);
    }

    /// <inheritdoc/>
    public IAsyncEnumerable<Delivery> SubscribeAsync(AgentId agent, IReadOnlyDictionary<ThreadId, long> resume, int credit, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(resume);
        HubArguments.CheckCredit(credit);
        return new Subscription(_line, agent, resume, credit).StreamAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public ValueTask<HubStatus> AcknowledgeAsync(AgentId agent, ThreadId thread, long upToPosition, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(upToPosition);
        var request = new AcknowledgeRequest { Agent = agent.ToWire(), Thread = thread.ToWire(), UpToPosition = upToPosition };
        return _calls.WriteAsync("Acknowledge", request, AcknowledgeResponse.Parser, cancellationToken);
    }

    /// <inheritdoc/>
    public async ValueTask<InboxPage> ListInboxAsync(AgentId agent, bool unreadOnly, string? cursor, int maxCount, CancellationToken cancellationToken)
    {
        HubArguments.CheckPage(maxCount);
        var request = new ListInboxRequest { Agent = agent.ToWire(), UnreadOnly = unreadOnly, Cursor = cursor ?? "", MaxCount = maxCount };
        var page = await _calls.ReadAsync("ListInbox", request, ListInboxResponse.Parser, cancellationToken).ConfigureAwait(false)
            ?? throw new ArgumentException("The cursor does not come from this hub. Pass null for the first page.", nameof(cursor));
        var entries = new List<InboxEntry>(page.Rows.Count);
        foreach (var row in page.Rows)
            entries.Add(row.Thread.TryRead(out ThreadId thread) ? new InboxEntry(thread, row.Head, row.Acknowledged) : throw _calls.Damaged("ListInbox"));
        return new InboxPage(entries, page.NextCursor.Length == 0 ? null : page.NextCursor);
    }

    /// <inheritdoc/>
    public async ValueTask<Lease> AcquireLeaseAsync(AgentId agent, ThreadId thread, Guid owner, TimeSpan duration, CancellationToken cancellationToken)
    {
        HubArguments.CheckLease(owner, duration);
        var request = new AcquireLeaseRequest
        {
            Agent = agent.ToWire(), Thread = thread.ToWire(), Owner = owner.ToWire(), DurationMillis = (long)duration.TotalMilliseconds,
        };
        var (response, status) = await _calls.RepeatAsync("AcquireLease", request, AcquireLeaseResponse.Parser, cancellationToken).ConfigureAwait(false);
        if (response is null)
            return new Lease(status, Guid.Empty, 0, default);
        return response.Owner.TryRead(out Guid holder)
            ? new Lease(response.IsHeld ? HubStatus.Ok : HubStatus.Fenced, holder, response.Token, DateTimeOffset.UnixEpoch.AddTicks(response.UntilUnix100Ns))
            : throw _calls.Damaged("AcquireLease");
    }

    /// <inheritdoc/>
    public ValueTask<HubStatus> ReleaseLeaseAsync(AgentId agent, ThreadId thread, Guid owner, long token, CancellationToken cancellationToken)
    {
        var request = new ReleaseLeaseRequest { Agent = agent.ToWire(), Thread = thread.ToWire(), Owner = owner.ToWire(), Token = token };
        return _calls.WriteAsync("ReleaseLease", request, ReleaseLeaseResponse.Parser, cancellationToken);
    }

    /// <inheritdoc/>
    public ValueTask<HubStatus> PutBlobAsync(Bytes32 blobId, ReadOnlyMemory<byte> ciphertext, CancellationToken cancellationToken) =>
        _blobs.PutAsync(blobId, ciphertext, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<ReadOnlyMemory<byte>?> GetBlobAsync(Bytes32 blobId, CancellationToken cancellationToken) => _blobs.GetAsync(blobId, cancellationToken);

    /// <summary>
    /// Ends the subscriptions, answers what waits with <see cref="HubStatus.Unavailable"/>, and closes the connections. What <see cref="ActAs"/> returned ends
    /// with this.
    /// </summary>
    public async ValueTask DisposeAsync()
    {
        if (_owner is not null || _connection.Stopping.IsCancellationRequested)
            return;
        await _connection.StopAsync().ConfigureAwait(false);
        await _appends.DisposeAsync().ConfigureAwait(false);
        _connection.Dispose();
    }

    internal static void CheckAddress(Uri address, GrpcHubOptions options)
    {
        if (address.Scheme != Uri.UriSchemeHttp && address.Scheme != Uri.UriSchemeHttps)
            throw new ArgumentException($"The address of a hub begins with https:// or http://, not with '{address.Scheme}'.", nameof(address));
        if (address.Scheme == Uri.UriSchemeHttp && !address.IsLoopback && !options.AllowCleartext)
            throw new ArgumentException(
                $"{address} is another machine, and http is not encrypted. Use https, or set GrpcHubOptions.AllowCleartext.", nameof(address));
    }
}
