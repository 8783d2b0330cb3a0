using AgentFlow.Engine;
using AgentFlow.Protocol;
using AgentFlow.Protocol.Hub;
using AgentFlow.Protocol.Threads;

namespace AgentFlow.FrontDoor;

/// <summary>Reads a thread's whole log from the hub, checks every signature, number and hash anew, and compares what the local members stored.</summary>
internal sealed class ThreadVerifier(EngineServices engine)
{
    private const int Page = 200;
    private const int PageBytes = 4 << 20;

    public async ValueTask<ThreadVerification> VerifyAsync(ThreadId thread, CancellationToken cancellationToken)
    {
        var verification = await CheckAsync(thread, cancellationToken).ConfigureAwait(false);
        var evidence = new List<ThreadForkEvidence>();
        foreach (var agent in engine.Agents.Values)
        {
            if (await ForkEvidence.FindAsync(engine.Store, agent, thread, cancellationToken).ConfigureAwait(false) is { } kept)
                evidence.Add(kept);
        }

        return verification with { Evidence = evidence };
    }

    private async ValueTask<ThreadVerification> CheckAsync(ThreadId thread, CancellationToken cancellationToken)
    {
        var faults = new List<string>();
        var hashes = new KnownHashes();
        var checks = new ThreadChecks { Identities = engine.Peers, Hashes = hashes };
        PublicThread? state = null;
        var hub = await HubOfMemberAsync(thread, cancellationToken).ConfigureAwait(false);
        while (true)
        {
            long after = state?.Position ?? 0;
            var page = await hub.ReadThreadAsync(thread, after, Page, PageBytes, cancellationToken).ConfigureAwait(false);
            if (page.Status != HubStatus.Ok)
                return new ThreadVerification(thread, 0, [$"The hub answers {page.Status}."]);
            foreach (var stored in page.Envelopes)
            {
                if (Advance(thread, ref state, stored, checks) is { } fault)
                    return new ThreadVerification(thread, page.Head, [fault]);
                hashes.Add(state!.ThreadHash);
            }

            if (state is not null && state.Position >= page.Head)
                break;
            if (page.Envelopes.Count == 0)
                return new ThreadVerification(thread, page.Head, [$"The hub names {page.Head} as the last position and gives out nothing after {state?.Position ?? 0}."]);
        }

        foreach (var agent in engine.Agents.Values)
            faults.AddRange(await CompareAsync(agent, thread, hashes, cancellationToken).ConfigureAwait(false));
        return new ThreadVerification(thread, state?.Position ?? 0, faults);
    }

    /// <summary>The hub as a local member of the thread uses it; as the app, where none is.</summary>
    private async ValueTask<IHub> HubOfMemberAsync(ThreadId thread, CancellationToken cancellationToken)
    {
        foreach (var agent in engine.Agents.Values)
        {
            if (await engine.Store.FindThreadAsync(agent.Id, thread, cancellationToken).ConfigureAwait(false) is not null)
                return agent.Hub;
        }

        return engine.Agents.Values.Single(agent => agent.Kind == HostedAgentKind.App).Hub;
    }

    private static string? Advance(ThreadId thread, ref PublicThread? state, StoredEnvelope stored, ThreadChecks checks)
    {
        if (stored.Position != (state?.Position ?? 0) + 1)
            return $"Position {(state?.Position ?? 0) + 1} is missing: the hub goes on with {stored.Position}.";
        if (state is null)
        {
            if (!PublicThread.TryStart(stored.Envelope.Span, checks, out state, out var startError))
                return $"Position 1 is no valid start: {startError}.";
            return state.ThreadId == thread ? null : $"Position 1 starts another thread: {state.ThreadId}.";
        }

        bool isValid = stored.IsExpired
            ? state.TryCheckExpired(stored.Envelope.Span, checks, out var accepted, out var error)
            : state.TryCheck(stored.Envelope.Span, checks, out accepted, out error);
        if (!isValid)
            return $"Position {stored.Position} fails a public check: {error}.";
        state.Accept(accepted);
        return null;
    }

    private async ValueTask<List<string>> CompareAsync(HostedAgent agent, ThreadId thread, KnownHashes hashes, CancellationToken cancellationToken)
    {
        var faults = new List<string>();
        if (await engine.Store.FindThreadAsync(agent.Id, thread, cancellationToken).ConfigureAwait(false) is not { IsDestroyed: false } row)
            return faults;
        long from = 1;
        while (from <= row.Received)
        {
            var stored = await engine.Store.ReadHashesAsync(agent.Id, thread, from, Page, cancellationToken).ConfigureAwait(false);
            foreach (var position in stored)
            {
                if (position.Position != from)
                    faults.Add($"'{agent.Name}' has no position {from}.");
                else if (!hashes.TryFind(thread, from, out var hash) || hash != position.ThreadHash)
                    faults.Add($"'{agent.Name}' saw another thread at position {from}.");
                if (faults.Count > 0)
                    return faults;
                from++;
            }

            if (stored.Count == 0)
                return [$"'{agent.Name}' has no position {from}."];
        }

        return faults;
    }

    private sealed class KnownHashes : IThreadHashes
    {
        private readonly List<Bytes32> _hashes = [];

        public void Add(Bytes32 hash) => _hashes.Add(hash);

        public bool TryFind(ThreadId thread, long position, out Bytes32 hash)
        {
            bool isKnown = position >= 1 && position <= _hashes.Count;
            hash = isKnown ? _hashes[(int)position - 1] : default;
            return isKnown;
        }
    }
}
