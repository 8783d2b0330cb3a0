using System.Collections.Concurrent;
using AgentFlow.Protocol.Hub;
using AgentFlow.Protocol.Identity;
using AgentFlow.Protocol.Threads;
using AgentFlow.Store;

namespace AgentFlow.Peers;

/// <summary>The identity logs that this process holds: its own agents', and the pinned ones of peers. A log is taken over only if it extends its pin.</summary>
/// <remarks>Thread-safe. Verifiers ask it without waiting; what is missing is fetched before they are asked.</remarks>
internal sealed class PeerDirectory(IAgentStore store, IHub hub) : IIdentitySource
{
    private readonly ConcurrentDictionary<AgentId, IdentityLog> _logs = new();
    private readonly SemaphoreSlim _taking = new(1);
    private int _changes;

    public IdentityLog? Find(AgentId agent) => _logs.GetValueOrDefault(agent);

    /// <summary>Rises with every log that is taken over: who remembers it knows whether to look again.</summary>
    public int Changes => Volatile.Read(ref _changes);

    public string NameOf(AgentId agent) => _logs.TryGetValue(agent, out var log) ? log.Name : agent.ToString();

    /// <summary>Whether another agent than this one is known by a name. A name is bound to one agent for ever, so the hub has then changed its answer.</summary>
    public bool IsNameOfAnother(string name, AgentId agent) => _logs.Values.Any(log => log.Name == name && log.Agent != agent);

    /// <summary>Reads the pins.</summary>
    public async ValueTask LoadAsync(CancellationToken cancellationToken)
    {
        foreach (var peer in await store.ListPeersAsync(cancellationToken).ConfigureAwait(false))
        {
            if (IdentityLog.TryParse(peer.IdentityLog.Span, out var log, out _))
                _logs[peer.Agent] = log;
        }
    }

    /// <summary>Takes the log of a local agent, unless a longer one is pinned: its owner may hold the root elsewhere, and add and revoke keys there.</summary>
    public void AddOwn(IdentityLog log)
    {
        _logs.AddOrUpdate(log.Agent, log, (_, pinned) => pinned.Extends(log) ? pinned : log);
        Interlocked.Increment(ref _changes);
    }

    /// <summary>Fetches the logs that are missing, or too short to hold the entries that a roster names, and pins them.</summary>
    public async ValueTask EnsureAsync(IEnumerable<RosterEntry> entries, CancellationToken cancellationToken)
    {
        foreach (var named in entries.GroupBy(entry => entry.Agent, entry => entry.LogSeq))
        {
            if (Find(named.Key) is not { } log || log.HeadSeq < named.Max())
                await RefreshAsync([named.Key], cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Asks the hub for what it has of agents now, those of this process included.</summary>
    public async ValueTask RefreshAsync(IEnumerable<AgentId> agents, CancellationToken cancellationToken)
    {
        foreach (var agent in agents.Distinct())
            await RefreshAsync(agent, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Reads an agent's log and bundle from the hub, checks both, and pins what is new.</summary>
    /// <returns>The bundle, or null where the hub has none that verifies.</returns>
    public async ValueTask<KeyBundle?> RefreshAsync(AgentId agent, CancellationToken cancellationToken)
    {
        if (await hub.ReadAgentAsync(agent, cancellationToken).ConfigureAwait(false) is not { } registration)
            return null;
        bool isPinned = Find(agent) is { } pinned && registration.IdentityLog.Span.SequenceEqual(pinned.Bytes.Span);
        if (!isPinned && !await TakeAsync(agent, registration, cancellationToken).ConfigureAwait(false))
            return null;
        return KeyBundle.TryParse(
            registration.KeyBundle.Span, out var bundle, out _) && bundle.Agent == agent && bundle.Verify(Find(agent)!) == Protocol.ProtocolError.None
            ? bundle
            : null;
    }

    /// <summary>Takes entries over that an owner sent in a thread.</summary>
    public async ValueTask ExtendAsync(AgentId sender, ReadOnlyMemory<byte> entries, CancellationToken cancellationToken)
    {
        if (_logs.TryGetValue(sender, out var pinned) && pinned.TryExtend(entries.Span, out var extended, out _))
            await TakeAsync(extended, default, cancellationToken).ConfigureAwait(false);
    }

    private async ValueTask<bool> TakeAsync(AgentId agent, AgentRegistration registration, CancellationToken cancellationToken) =>
        IdentityLog.TryParse(registration.IdentityLog.Span, out var log, out _) && log.Agent == agent
        && await TakeAsync(log, registration.KeyBundle, cancellationToken).ConfigureAwait(false);

    private async ValueTask<bool> TakeAsync(IdentityLog log, ReadOnlyMemory<byte> bundle, CancellationToken cancellationToken)
    {
        await _taking.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return await TakeInTurnAsync(log, bundle, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _taking.Release();
        }
    }

    private async ValueTask<bool> TakeInTurnAsync(IdentityLog log, ReadOnlyMemory<byte> bundle, CancellationToken cancellationToken)
    {
        if (_logs.TryGetValue(log.Agent, out var pinned) && !log.Extends(pinned))
        {
            // A hub that is behind says nothing against the pin: what it shows is checked by the pinned log.
            if (pinned.Extends(log))
                return true;
            if (log.Contradicts(pinned))
                await KeepEvidenceAsync(pinned, log, cancellationToken).ConfigureAwait(false);
            return false;
        }

        var peer = new PinnedPeer { Agent = log.Agent, Sequence = log.HeadSeq, Head = log.Head, IdentityLog = log.Bytes, KeyBundle = bundle };
        if (!await store.PutPeerAsync(peer, cancellationToken).ConfigureAwait(false))
            return await TakeStandingAsync(log, cancellationToken).ConfigureAwait(false);
        _logs[log.Agent] = log;
        Interlocked.Increment(ref _changes);
        return true;
    }

    // Another process of this store has pinned more: what the hub shows must be a part of that.
    private async ValueTask<bool> TakeStandingAsync(IdentityLog shown, CancellationToken cancellationToken)
    {
        if (await store.FindPeerAsync(shown.Agent, cancellationToken).ConfigureAwait(false) is not { } pin || !IdentityLog.TryParse(pin.IdentityLog.Span, out var standing, out _))
            return false;
        _logs[standing.Agent] = standing;
        Interlocked.Increment(ref _changes);
        return standing.Extends(shown);
    }

    // The hub showed two histories of one agent: what is pinned stays, and the other is kept as evidence.
    private async ValueTask KeepEvidenceAsync(IdentityLog pinned, IdentityLog other, CancellationToken cancellationToken) =>
        await store.PutPeerAsync(
            new PinnedPeer { Agent = pinned.Agent, Sequence = pinned.HeadSeq, Head = pinned.Head, IdentityLog = pinned.Bytes, ForkEvidence = other.Bytes },
            cancellationToken).ConfigureAwait(false);
}
