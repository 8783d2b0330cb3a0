using AgentFlow.Hub.Agents;
using AgentFlow.Hub.Stores;
using AgentFlow.Protocol;
using AgentFlow.Protocol.Envelopes;
using AgentFlow.Protocol.Hub;
using AgentFlow.Protocol.Identity;
using AgentFlow.Protocol.Threads;

namespace AgentFlow.Hub.Threads;

/// <summary>The public checks of AF1 in front of a log: nothing is stored that a member would refuse in public. Thread-safe; the thread that is checked is not.</summary>
internal sealed class EnvelopeGate
{
    private readonly AgentDirectory _agents;
    private readonly ThreadHashCache _hashes;
    private readonly ThreadChecks _checks;
    private readonly ThreadChecks _replay;
    private readonly VerifiedBatches _batches = new();

    public EnvelopeGate(IEnvelopeStore store, AgentDirectory agents, bool verifiesSignatures)
    {
        _agents = agents;
        _hashes = new ThreadHashCache(store);
        _checks = Checks(agents, verifiesSignatures);
        _replay = Checks(agents, verifiesSignatures: false);
    }

    /// <summary>Checks a genesis Commit against the identity logs that it names.</summary>
    /// <returns>The thread at position 1, or why it was refused.</returns>
    public async ValueTask<(PublicThread? Thread, ProtocolError Error)> StartAsync(ReadOnlyMemory<byte> genesis, CancellationToken cancellationToken)
    {
        if (!GenesisInvitation.TryRead(genesis.Span, out var invitation, out var error))
            return (null, error);

        var result = await StartAsync(genesis, invitation, _agents.FindAsync, cancellationToken).ConfigureAwait(false);
        // A log in memory may be shorter than what another hub has stored since.
        return result.Thread is not null ? result : await StartAsync(genesis, invitation, _agents.ReloadAsync, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Checks an envelope for the next position. Changes nothing.</summary>
    public async ValueTask<(CheckedEnvelope Accepted, ProtocolError Error)> CheckAsync(
        PublicThread thread, ReadOnlyMemory<byte> envelope, CancellationToken cancellationToken)
    {
        thread.TryCheck(envelope.Span, _checks, out var accepted, out var error);
        if (error != ProtocolError.MissingThreadHash)
            return (accepted, error);
        if (!await LoadHashAsync(thread.ThreadId, envelope, cancellationToken).ConfigureAwait(false))
            return (default, ProtocolError.Acknowledgement);
        thread.TryCheck(envelope.Span, _checks, out accepted, out error);
        return (accepted, error);
    }

    /// <summary>Moves a thread over an envelope that stands in the log and was checked when it came.</summary>
    public async ValueTask<ProtocolError> ReplayAsync(PublicThread thread, StoredEnvelope stored, CancellationToken cancellationToken)
    {
        var (accepted, error) = Replay(thread, stored);
        if (error == ProtocolError.MissingThreadHash && await LoadHashAsync(thread.ThreadId, stored.Envelope, cancellationToken).ConfigureAwait(false))
            (accepted, error) = Replay(thread, stored);
        if (error == ProtocolError.None)
            thread.Accept(accepted);
        return error;
    }

    /// <summary>What a client is told of a failed check.</summary>
    public static HubStatus StatusOf(ProtocolError error) => error switch
    {
        ProtocolError.None => HubStatus.Ok,
        ProtocolError.StaleEpoch => HubStatus.StaleEpoch,
        ProtocolError.UnknownLeaf or ProtocolError.Role => HubStatus.NotMember,
        ProtocolError.MissingLog => HubStatus.NotFound,
        _ => HubStatus.Invalid,
    };

    private async ValueTask<(PublicThread? Thread, ProtocolError Error)> StartAsync(
        ReadOnlyMemory<byte> genesis, GenesisInvitation invitation, Func<AgentId, CancellationToken, ValueTask<IdentityLog?>> find, CancellationToken cancellationToken)
    {
        // The check asks for logs synchronously, so all that it can ask for are held until it has ended, however few the directory keeps.
        var logs = new LoadedLogs();
        foreach (var agent in invitation.Invited.Append(invitation.Creator).Select(entry => entry.Agent).Distinct())
        {
            if (await find(agent, cancellationToken).ConfigureAwait(false) is not { } log)
                return (null, ProtocolError.MissingLog);
            logs.Add(log);
        }

        return PublicThread.TryStart(genesis.Span, Checks(logs, verifiesSignatures: true), out var thread, out var error) ? (thread, error) : (null, error);
    }

    private (CheckedEnvelope Accepted, ProtocolError Error) Replay(PublicThread thread, StoredEnvelope stored)
    {
        bool isValid = stored.IsExpired
            ? thread.TryCheckExpired(stored.Envelope.Span, _replay, out var accepted, out var error)
            : thread.TryCheck(stored.Envelope.Span, _replay, out accepted, out error);
        return (accepted, isValid ? ProtocolError.None : error);
    }

    private ValueTask<bool> LoadHashAsync(ThreadId thread, ReadOnlyMemory<byte> envelope, CancellationToken cancellationToken) =>
        _hashes.LoadAsync(thread, (long)new EnvelopeHeader(envelope.Span).AckSeq, cancellationToken);

    private ThreadChecks Checks(IIdentitySource identities, bool verifiesSignatures) =>
        new() { Identities = identities, Hashes = _hashes, Batches = _batches, VerifiesSignatures = verifiesSignatures };

    private sealed class LoadedLogs : IIdentitySource
    {
        private readonly Dictionary<AgentId, IdentityLog> _logs = [];

        public void Add(IdentityLog log) => _logs.Add(log.Agent, log);

        public IdentityLog? Find(AgentId agent) => _logs.GetValueOrDefault(agent);
    }
}
