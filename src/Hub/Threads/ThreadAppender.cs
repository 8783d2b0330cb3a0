using System.Security.Cryptography;
using AgentFlow.Hub.Stores;
using AgentFlow.Protocol;
using AgentFlow.Protocol.Envelopes;
using AgentFlow.Protocol.Hub;
using AgentFlow.Protocol.Threads;
using AgentFlow.Storage;

namespace AgentFlow.Hub.Threads;

/// <summary>Creates threads and appends to them: public checks first, then one commit. Thread-safe.</summary>
internal sealed class ThreadAppender(IEnvelopeStore store, EnvelopeGate gate, HubOptions options)
{
    private const int Attempts = 16;
    private readonly ThreadStates _states = new(store, gate);
    private readonly RecentlyUsed<ThreadId, ThreadDesk> _desks = new(options.CachedThreads);

    public async ValueTask<AppendResult> CreateAsync(ThreadId thread, MessageId messageId, ReadOnlyMemory<byte> genesis, CancellationToken cancellationToken)
    {
        if (genesis.Length > EnvelopeView.MaximumSize)
            return AppendResult.Refused(HubStatus.TooLarge);
        var (state, error) = await gate.StartAsync(genesis, cancellationToken).ConfigureAwait(false);
        if (state is null || state.ThreadId != thread)
            return AppendResult.Refused(error == ProtocolError.None ? HubStatus.Invalid : EnvelopeGate.StatusOf(error));

        var append = Append(thread, messageId, genesis, state, isCommit: true);
        StoreOp[] ops =
        [
            new StoreOp.Create(thread, ThreadKind.Durable, options.Retention), append,
            new StoreOp.Put(ThreadStates.Key(thread), ThreadStates.Snapshot(state), ExpectVersion: 0),
            new StoreOp.SetMembers(thread, Members(state)),
        ];
        var result = await store.CommitAsync(new StoreCommit(ShardKey.Of(thread), ops), cancellationToken).ConfigureAwait(false);
        FailPoint.Hit(HubFailPoints.AfterCreateThread);
        if (result.Status == HubStatus.Ok)
            return AppendResult.Appended(1);
        return result.Status == HubStatus.Conflict
            ? await StandingAsync(append, HubStatus.Conflict, cancellationToken).ConfigureAwait(false)
            : AppendResult.Refused(result.Status);
    }

    /// <param name="caller">Who brings the envelope, or null for a process that is trusted to bring its own.</param>
    /// <param name="thread">The thread.</param>
    /// <param name="messageId">The id that the sender chose.</param>
    /// <param name="envelope">The sealed bytes.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    public async ValueTask<AppendResult> AppendAsync(
        AgentId? caller, ThreadId thread, MessageId messageId, ReadOnlyMemory<byte> envelope, CancellationToken cancellationToken)
    {
        if (envelope.Length > EnvelopeView.MaximumSize)
            return AppendResult.Refused(HubStatus.TooLarge);
        // A failure of somebody else's commit in front of this one takes this one with it: check again, against what stands now.
        for (int attempt = 0; attempt < Attempts; attempt++)
        {
            if (await TryAppendAsync(caller, thread, messageId, envelope, cancellationToken).ConfigureAwait(false) is not { } result)
                continue;
            // It was valid behind a commit that failed since. Its sender repeats that one first, and then this one.
            return attempt > 0 && result.Refusal == HubStatus.Invalid ? AppendResult.Refused(HubStatus.Busy) : result;
        }

        return AppendResult.Refused(HubStatus.Busy);
    }

    private async ValueTask<AppendResult?> TryAppendAsync(
        AgentId? caller, ThreadId id, MessageId messageId, ReadOnlyMemory<byte> envelope, CancellationToken cancellationToken)
    {
        var desk = _desks.GetOrAdd(id, static _ => new ThreadDesk());
        PublicThread state;
        ValueTask<StoreResult> committing;
        await desk.EnterAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (await StateAsync(desk, id, cancellationToken).ConfigureAwait(false) is not { } loaded)
                return AppendResult.Refused(HubStatus.NotFound);
            state = loaded;
            if (caller is { } agent && SenderCheck.Refuse(state, agent, envelope.Span) is { } refusal)
                return AppendResult.Refused(refusal);
            var (accepted, error) = await gate.CheckAsync(state, envelope, cancellationToken).ConfigureAwait(false);
            if (error != ProtocolError.None && await RenewedAsync(desk, state, id, cancellationToken).ConfigureAwait(false) is { } renewed)
            {
                state = renewed;
                (accepted, error) = await gate.CheckAsync(state, envelope, cancellationToken).ConfigureAwait(false);
            }

            if (error != ProtocolError.None)
            {
                // Bytes that stand in the log fail the check, because the thread has moved on: they are answered with their position.
                await desk.SettledAsync().ConfigureAwait(false);
                var resent = new StoreOp.Append(id, messageId, envelope, Hash(envelope));
                return await StandingAsync(resent, EnvelopeGate.StatusOf(error), cancellationToken).ConfigureAwait(false);
            }

            state.Accept(accepted);
            var append = Append(id, messageId, envelope, state, accepted.Kind == EnvelopeKind.Commit);
            StoreOp[] ops = state.Position % options.SnapshotEvery == 0
                ? [append, new StoreOp.Put(ThreadStates.Key(id), ThreadStates.Snapshot(state), ExpectVersion: -1)]
                : [append];
            desk.Begin();
            committing = CommitAsync(desk, state, new StoreCommit(ShardKey.Of(id), ops), cancellationToken);
        }
        finally
        {
            desk.Leave();
        }

        var result = await committing.ConfigureAwait(false);
        return result.Status switch
        {
            HubStatus.Ok => result.IsRepetition ? AppendResult.Duplicate(result.Values[0]) : AppendResult.Appended(result.Values[0]),
            HubStatus.Conflict => null,
            _ => AppendResult.Refused(result.Status),
        };
    }

    /// <summary>Commits, and drops the state that ran ahead if that fails. Runs up to the store's queue before it returns, so that the order of turns is the order of commits.</summary>
    private async ValueTask<StoreResult> CommitAsync(ThreadDesk desk, PublicThread state, StoreCommit commit, CancellationToken cancellationToken)
    {
        bool isBroken = true;
        try
        {
            var result = await store.CommitAsync(commit, cancellationToken).ConfigureAwait(false);
            isBroken = result.Status != HubStatus.Ok || result.IsRepetition;
            return result;
        }
        finally
        {
            desk.End(state, isBroken);
        }
    }

    private async ValueTask<PublicThread?> StateAsync(ThreadDesk desk, ThreadId id, CancellationToken cancellationToken)
    {
        if (desk.State is { } state)
            return state;
        await desk.SettledAsync().ConfigureAwait(false);
        return desk.State = await _states.LoadAsync(id, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>The state as it stands in the store, if another hub on the same store has moved the thread on since it was read; else null.</summary>
    private async ValueTask<PublicThread?> RenewedAsync(ThreadDesk desk, PublicThread state, ThreadId id, CancellationToken cancellationToken)
    {
        await desk.SettledAsync().ConfigureAwait(false);
        if (await store.GetThreadAsync(id, cancellationToken).ConfigureAwait(false) is not { } info || info.Head <= state.Position)
            return null;
        desk.State = null;
        return await StateAsync(desk, id, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Answers with where the same bytes stand, or refuses.</summary>
    private async ValueTask<AppendResult> StandingAsync(StoreOp.Append append, HubStatus refusal, CancellationToken cancellationToken)
    {
        if (await store.FindAsync(append.Thread, append.MessageId, cancellationToken).ConfigureAwait(false) is not { } standing)
            return AppendResult.Refused(refusal);
        return standing.BodyHash == append.BodyHash ? AppendResult.Duplicate(standing.Position) : AppendResult.Refused(HubStatus.IdConflict);
    }

    private static StoreOp.Append Append(ThreadId thread, MessageId messageId, ReadOnlyMemory<byte> envelope, PublicThread state, bool isCommit) =>
        new(thread, messageId, envelope, Hash(envelope))
        {
            ExpectHead = state.Position - 1,
            ThreadHash = state.ThreadHash,
            IsPinned = isCommit,
            KeepHead = EnvelopeHeader.Size,
            KeepTail = envelope.Length - EnvelopeHeader.Size - (int)new EnvelopeHeader(envelope.Span).BodyLength,
        };

    private static Bytes32 Hash(ReadOnlyMemory<byte> envelope)
    {
        Span<byte> hash = stackalloc byte[Bytes32.Size];
        SHA256.HashData(envelope.Span, hash);
        return new Bytes32(hash);
    }

    private static List<Member> Members(PublicThread thread) =>
        [.. thread.Epoch.Roster.Slots.GroupBy(s => s.Entry.Agent, s => s.Entry.Role)
            .Select(g => new Member(g.Key, (short)g.Aggregate((a, b) => a | b), FromPosition: 1))];
}
