using System.Text;
using AgentFlow.Hub.Stores;
using AgentFlow.Protocol;
using AgentFlow.Protocol.Hub;
using AgentFlow.Protocol.Identity;
using AgentFlow.Storage;

namespace AgentFlow.Hub.Agents;

/// <summary>Identity logs, key bundles, and names that are bound to one agent for ever. Thread-safe.</summary>
internal sealed class AgentDirectory(IEnvelopeStore store, int capacity) : IIdentitySource
{
    private const int Attempts = 8;
    private readonly RecentlyUsed<AgentId, IdentityLog> _logs = new(capacity);
    private readonly RecentlyUsed<AgentId, DateTimeOffset> _read = new(capacity);

    /// <inheritdoc/>
    /// <remarks>Answers from memory only: call <see cref="FindAsync(AgentId, CancellationToken)"/> for what it lacks.</remarks>
    public IdentityLog? Find(AgentId agent) => _logs.TryGet(agent, out var log) ? log : null;

    public async ValueTask<HubStatus> RegisterAsync(AgentRegistration registration, CancellationToken cancellationToken)
    {
        if (!IdentityLog.TryParse(registration.IdentityLog.Span, out var log, out _) || log.Agent != registration.Agent)
            return HubStatus.Invalid;
        KeyBundle? bundle = null;
        if (!registration.KeyBundle.IsEmpty && !KeyBundle.TryParse(registration.KeyBundle.Span, out bundle, out _))
            return HubStatus.Invalid;

        // Somebody else may write in between; every attempt starts from what stands there then.
        for (int attempt = 0; attempt < Attempts; attempt++)
        {
            var status = await RegisterOnceAsync(log, bundle, cancellationToken).ConfigureAwait(false);
            if (status is { } final)
                return final;
        }

        return HubStatus.Busy;
    }

    public async ValueTask<AgentRegistration?> ReadAsync(AgentId agent, CancellationToken cancellationToken) =>
        await store.GetAsync(Key(agent), cancellationToken).ConfigureAwait(false) is { } item && AgentRecord.Read(item.Value.Span) is var record
            ? new AgentRegistration(agent, record.Log.Bytes, record.Bundle?.Bytes ?? default)
            : null;

    public async ValueTask<AgentId?> ResolveAsync(string name, CancellationToken cancellationToken)
    {
        byte[] key = Encoding.UTF8.GetBytes(name);
        if (key.Length is 0 or > IdentityNameBytes)
            return null;
        return await store.GetAsync(new StateKey(StateKind.Name, key), cancellationToken).ConfigureAwait(false) is { } item
            ? new AgentId(item.Value.Span)
            : null;
    }

    /// <summary>The log of an agent, from memory or the store; null where the hub does not know the agent.</summary>
    public async ValueTask<IdentityLog?> FindAsync(AgentId agent, CancellationToken cancellationToken)
    {
        return _logs.TryGet(agent, out var known) ? known : await ReloadAsync(agent, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>The log of an agent as it stood in the store no longer ago than that.</summary>
    public async ValueTask<IdentityLog?> FindAsync(AgentId agent, TimeSpan maxAge, CancellationToken cancellationToken)
    {
        var now = store.Now;
        if (_read.TryGet(agent, out var read) && now - read < maxAge && _logs.TryGet(agent, out var known))
            return known;
        var log = await ReloadAsync(agent, cancellationToken).ConfigureAwait(false);
        if (log is not null)
            _read.Set(agent, now);
        return log;
    }

    /// <summary>The log of an agent as it stands in the store, where another hub may have written a longer one.</summary>
    public async ValueTask<IdentityLog?> ReloadAsync(AgentId agent, CancellationToken cancellationToken)
    {
        if (await store.GetAsync(Key(agent), cancellationToken).ConfigureAwait(false) is not { } item)
            return null;
        if (_logs.TryGet(agent, out var known) && AgentRecord.HasLog(item.Value.Span, known))
            return known;
        var log = AgentRecord.Read(item.Value.Span).Log;
        Remember(log);
        return log;
    }

    private const int IdentityNameBytes = 255;

    private static StateKey Key(AgentId agent) => new(StateKind.Agent, agent.Value.ToArray());

    private async ValueTask<HubStatus?> RegisterOnceAsync(IdentityLog log, KeyBundle? bundle, CancellationToken cancellationToken)
    {
        var item = await store.GetAsync(Key(log.Agent), cancellationToken).ConfigureAwait(false);
        var standing = item is null ? null : AgentRecord.Read(item.Value.Span);
        if (standing is not null && log.Contradicts(standing.Log))
            return HubStatus.Conflict;
        // A shorter log of the same history changes nothing.
        var longest = standing is not null && standing.Log.Extends(log) ? standing.Log : log;
        if (bundle is not null && bundle.Verify(longest) != ProtocolError.None)
            return HubStatus.Invalid;
        var newest = standing?.Bundle is { } old && (bundle is null || bundle.Created < old.Created) ? old : bundle;
        var next = new AgentRecord(longest, newest);
        byte[] bytes = next.ToBytes();
        if (item is not null && bytes.AsSpan().SequenceEqual(item.Value.Span))
            return HubStatus.Ok;

        if (item is null && await BindNameAsync(log, cancellationToken).ConfigureAwait(false) is var bound && bound != HubStatus.Ok)
            return bound;
        var put = new StoreOp.Put(Key(log.Agent), bytes, item?.Version ?? 0);
        var result = await store.CommitAsync(new StoreCommit(ShardKey.Of(log.Agent), [put]), cancellationToken).ConfigureAwait(false);
        if (result.Status == HubStatus.Conflict)
            return null;
        if (result.Status == HubStatus.Ok)
            Remember(longest);
        return result.Status;
    }

    /// <summary>Binds the name first: a crash after it leaves a name that waits for its agent, never an agent whose name another one can take.</summary>
    private async ValueTask<HubStatus> BindNameAsync(IdentityLog log, CancellationToken cancellationToken)
    {
        byte[] key = Encoding.UTF8.GetBytes(log.Name);
        if (key.Length is 0 or > IdentityNameBytes)
            return HubStatus.Invalid;
        var put = new StoreOp.Put(new StateKey(StateKind.Name, key), log.Agent.Value.ToArray(), ExpectVersion: 0);
        var result = await store.CommitAsync(new StoreCommit(ShardKey.Of(key), [put]), cancellationToken).ConfigureAwait(false);
        FailPoint.Hit(HubFailPoints.AfterBindName);
        if (result.Status != HubStatus.Conflict)
            return result.Status;
        return await ResolveAsync(log.Name, cancellationToken).ConfigureAwait(false) == log.Agent ? HubStatus.Ok : HubStatus.Conflict;
    }

    private void Remember(IdentityLog log)
    {
        if (!_logs.TryGet(log.Agent, out var known) || log.HeadSeq > known.HeadSeq)
            _logs.Set(log.Agent, log);
    }
}
