using AgentFlow.Contracts;
using AgentFlow.Diagnostics;
using AgentFlow.Protocol.Approvals;
using AgentFlow.Protocol.Frames;
using AgentFlow.Store;
using StoredState = AgentFlow.Store.ApprovalState;

namespace AgentFlow.Engine;

/// <summary>Keeps the requests, votes and claims of a thread, as they come in by thread order. It records; <see cref="ApprovalDecider"/> decides.</summary>
internal sealed class ApprovalDesk(EngineServices engine)
{
    /// <summary>Takes a gated frame in: opens a file on it where this agent acts on it, decides it or asked for it.</summary>
    public void TakeRequest(
        ThreadSession session, IncomingEnvelope incoming, HistoryRecord record, OpenedFrame frame, int frameCount, ContractEntry contract, bool isOwn)
    {
        bool isExecutor = session.Agent.Routes.TryFind(contract, out var route) && route.IsGate;
        var rules = session.Member.Policy.RulesFor(contract.Id, contract.Major).ToList();
        if (!isExecutor && !isOwn && !rules.Exists(rule => rule.Allows(session.Agent.Id)))
            return;
        if (!TryOpen(session, incoming, record, frame, frameCount, contract, out var request, out string reason))
        {
            Log.RequestMalformed(engine.Logger, contract.ToString(), incoming.Position, session.Thread, reason);
            if (isExecutor)
                session.SetOutcome(ThreadOutcome.Parked, $"a request at position {incoming.Position} can never be approved: {reason}");
            return;
        }

        var now = engine.Now;
        var sent = ClaimedTime.Of(MemberSession.TimeOf(record));
        var requestedAt = sent < now ? sent : now;
        var file = new ApprovalFile
        {
            Book = new ApprovalBook(request),
            IsExecutor = isExecutor,
            RequestedAt = requestedAt,
            ExpiresAt = requestedAt + (request.Lifetime(session.Member.Policy) ?? TimeSpan.Zero),
        };
        session.PutApproval(file, StoredState.None, StoredState.Pending);
        session.AddTimer(file.ExpiresAt, TimerKind.ApprovalExpiry, request.Envelope.ToArray(), []);
        if (RequestReporter.IsReporter(engine, session, file))
            session.Audit(ThreadStepKind.ApprovalRequested, incoming.Position, contract.ToString(), detail: file.Id);
        if (!isExecutor)
            return;
        session.AfterCommit(() =>
        {
            Telemetry.Approval("request", file.Id, session.Thread.ToString())?.Dispose();
            Telemetry.PendingApprovals.Add(1);
            Log.ApprovalRequested(engine.Logger, file.Id, contract.ToString(), session.Thread, file.ExpiresAt);
        });
    }

    /// <summary>Takes a statement in, at its position. It is recorded also where it comes too late.</summary>
    /// <param name="session">The thread.</param>
    /// <param name="incoming">The envelope.</param>
    /// <param name="record">What the history keeps of it.</param>
    /// <param name="frame">The frame that holds the statement.</param>
    /// <param name="asked">Of whom the hub was asked for this envelope; once each is enough.</param>
    public async ValueTask TakeVoteAsync(ThreadSession session, IncomingEnvelope incoming, HistoryRecord record, OpenedFrame frame, HashSet<AgentId> asked)
    {
        bool isOwn = incoming.Kind == IncomingKind.Own;
        if (!SignedApproval.TryParse(frame.View.Payload, out var signed, out _))
            return;
        var statement = signed!.Statement;
        var placed = new VotePlaced(VoteResult.Request, WasOpen: false);
        if (session.Approvals.TryGetValue(statement.RequestEnvelope, out var file) && file.Verdict == ApprovalVerdict.None)
            placed = await CountAsync(session, incoming, file, signed, asked).ConfigureAwait(false);
        else if (isOwn && statement.Decision == Decision.Withdraw)
            placed = new VotePlaced(VoteResult.Counts, WasOpen: false);
        else if (file is not null)
            Log.VoteLate(engine.Logger, ApprovalId.Of(statement.RequestEnvelope).ToString(), incoming.Position);
        if (!isOwn)
            return;
        string contract = file is null ? "" : engine.ContractName(file.Request.Contract, file.Request.Major);
        session.Audit(ThreadStepKind.ApprovalVoted, file?.Request.Position ?? 0, contract, detail: $"{statement.Decision}: {placed.Result}");
        session.AfterCommit(() => engine.Votes.Placed(record.MessageId, placed));
    }

    /// <summary>Takes a claim in, at its position.</summary>
    public void TakeClaim(ThreadSession session, IncomingEnvelope incoming, HistoryRecord record, OpenedFrame frame)
    {
        if (!ApprovalClaim.TryParse(frame.View, out var requestEnvelope) || !session.Approvals.TryGetValue(requestEnvelope, out var file))
            return;
        if (file.Verdict == ApprovalVerdict.None && file.Book.AddClaim(new ApprovalClaim(incoming.Position, record.Sender, incoming.Digest), requestEnvelope))
            session.PutApproval(file, StoredState.Pending, StoredState.Pending);
    }

    /// <summary>Notes that an envelope could not be read: it might be a withdrawal of any request that is open.</summary>
    public void NoteUnreadable(ThreadSession session, long position)
    {
        foreach (var file in session.Approvals.Values.Where(file => file.FirstUnreadable == 0 && file.Verdict == ApprovalVerdict.None).ToList())
            session.PutApproval(file with { FirstUnreadable = position }, StoredState.Pending, StoredState.Pending);
    }

    private async ValueTask<VotePlaced> CountAsync(ThreadSession session, IncomingEnvelope incoming, ApprovalFile file, SignedApproval signed, HashSet<AgentId> asked)
    {
        var statement = signed.Statement;
        // The person's log has gone on since it was pinned: the key may be a new one, or revoked. What nobody signed is not worth a look.
        bool isKnown = engine.Peers.Find(statement.Approver) is { } log && log.TryFindHead(statement.LogHead, out _);
        if (!isKnown && file.Request.Rules.Any(rule => rule.Allows(statement.Approver)) && signed.IsSignatureValid && asked.Add(statement.Approver))
            await engine.Peers.RefreshAsync([statement.Approver], engine.Stopping).ConfigureAwait(false);
        long seenPosition = statement.ThreadPosition;
        long now = engine.Now.ToUnixTimeMilliseconds();
        var hashes = seenPosition > 0 && seenPosition < incoming.Position
            ? await engine.Store.ReadHashesAsync(session.Agent.Id, session.Thread, seenPosition, 1, engine.Stopping).ConfigureAwait(false)
            : [];
        var facts = hashes.Count == 1 && hashes[0].Position == seenPosition
            ? new ApprovalFacts(session.Member.Policy, engine.Peers, seenPosition, hashes[0].ThreadHash)
            : new ApprovalFacts(session.Member.Policy, engine.Peers);
        bool wasOpen = file.Book.Evaluate(facts, now).Status == Protocol.Approvals.ApprovalStatus.Pending;
        var result = file.Book.Add(incoming.Position, signed.ToPayload(), facts, now);
        session.PutApproval(file, StoredState.Pending, StoredState.Pending);
        session.AfterCommit(() => Log.VoteCounted(engine.Logger, file.Id, incoming.Position, result.ToString()));
        return new VotePlaced(result, wasOpen);
    }

    private static bool TryOpen(
        ThreadSession session, IncomingEnvelope incoming, HistoryRecord record, OpenedFrame frame, int frameCount, ContractEntry contract, out ApprovalRequest request,
        out string reason)
    {
        bool isWellFormed = ApprovalRequest.TryCreate(
            session.Thread, incoming.Position, incoming.Digest, record.Sender, frame.View, frameCount, contract.SchemaHash, session.Member.Policy, out var made, out var error);
        request = made!;
        reason = error.ToString();
        if (!isWellFormed)
            return false;
        reason = "approval.no-rule";
        if (!request.Rules.Any())
            return false;
        reason = "payload.malformed";
        return frame.Header.Codec == FrameCodec.Protobuf && contract.Decoder.ReadsBackTheSame(frame.View);
    }
}
