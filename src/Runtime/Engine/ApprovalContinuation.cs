using AgentFlow.Diagnostics;
using AgentFlow.Dispatch;
using AgentFlow.Protocol.Approvals;
using AgentFlow.SourceGeneration;
using AgentFlow.Storage;
using AgentFlow.Store;
using StoredState = AgentFlow.Store.ApprovalState;

namespace AgentFlow.Engine;

/// <summary>
/// Runs what follows from a decision: <c>Approved&lt;T&gt;</c>, <c>Rejected&lt;T&gt;</c> or <c>Expired&lt;T&gt;</c>, once, in a transaction of its own. If it
/// fails it is
/// retried and then a dead letter; the decision stands whatever happens.
/// </summary>
internal sealed class ApprovalContinuation(EngineServices engine, ApprovalDecider decider, HandlerRunner runner)
{
    /// <summary>Runs the continuations that are due, by the position of their requests.</summary>
    public async ValueTask DrainAsync(ThreadSession session, HandlerContext context)
    {
        while (session.BlockedUntil is null && Next(session) is { } file)
        {
            engine.Stopping.ThrowIfCancellationRequested();
            if (!await RunAsync(session, context, file).ConfigureAwait(false))
                return;
        }
    }

    private static ApprovalFile? Next(ThreadSession session) =>
        session.Approvals.Values.Where(file => file.Verdict != ApprovalVerdict.None).OrderBy(file => file.Request.Position).FirstOrDefault();

    private async ValueTask<bool> RunAsync(ThreadSession session, HandlerContext context, ApprovalFile file)
    {
        var request = file.Request;
        var row = await engine.Store.FindHistoryAsync(session.Agent.Id, session.Thread, request.Envelope, engine.Stopping).ConfigureAwait(false);
        if (row?.Record is null || OpenedFrame.Read(row.Record) is not [var frame])
            throw new ThreadFaultException(
                session.Thread, "store.history", $"The history has no request at position {request.Position}: the store was damaged.");
        if (file.Verdict == ApprovalVerdict.Approved && !await MayStartAsync(session, file, frame).ConfigureAwait(false))
            return session.RevokedMember is null;
        if (!engine.Catalogue.TryFind(request.Contract, request.Major, out var contract) || decider.HandlerFor(session, file) is not { } handler
            || contract.Decoder.ReadGated(frame.View.Payload) is not { } message)
            return await GiveUpAsync(session, file).ConfigureAwait(false);

        var evidence = ApprovalCards.EvidenceOf(file, decider.Facts(session), engine.Now);
        object wrapped = file.Verdict switch
        {
            ApprovalVerdict.Approved => contract.Descriptor.MakeApproved(message, evidence),
            ApprovalVerdict.Refused => contract.Descriptor.MakeRejected(message, evidence),
            _ => contract.Descriptor.MakeExpired(message, evidence),
        };
        var cause = FrameDispatcher.CauseOf(session.Thread, row, frame, isApproved: file.Verdict == ApprovalVerdict.Approved, phase: 1);
        var work = new Work(new WorkKey(
            new FramePosition(row.Position, frame.Index), IsContinuation: true), cause, contract.ToString(), handler, wrapped, FrameDispatcher.AskedBy(frame));
        using var activity = Telemetry.Approval("dispatch", file.Id, session.Thread.ToString());
        bool isHandled = await runner.RunAsync(
            session, context, work, s => s.PutApproval(file, StoredState.Decided, StoredState.Finished)).ConfigureAwait(false);
        if (isHandled)
            FailPoint.Hit(FailPoints.AfterContinuation);
        return isHandled;
    }

    /// <summary>
    /// The checks at the moment of dispatch. A continuation that has not begun checks everything again: the digest of the bytes about to be acted on, votes,
    /// expiry,
    /// revocation. One that has begun goes on to its end under its stable key, because its effect may have happened.
    /// </summary>
    private async ValueTask<bool> MayStartAsync(ThreadSession session, ApprovalFile file, OpenedFrame frame)
    {
        byte[] marker = StartMarker(file);
        var journaled = await engine.Store.FindJournalAsync(session.Agent.Id, session.Thread, marker, engine.Stopping).ConfigureAwait(false);
        if (journaled is not null)
            return true;
        var (result, _) = await decider.CheckNewestAsync(session, file).ConfigureAwait(false);
        if (await RevokedLeaves.ParkAsync(engine, session).ConfigureAwait(false))
            return false;
        bool isSame = ApprovalDigest.Compute(frame.View) == file.Request.Subject;
        if (isSame && result == ExecutionResult.Allowed)
        {
            session.Add(new AgentOp.PutJournal(marker, new byte[] { 1 }));
            await session.CommitAsync().ConfigureAwait(false);
            return true;
        }

        string reason = isSame ? $"approval.{result}" : "approval.digest";
        Telemetry.RefusedDispatches.Add(1, Telemetry.Tag("reason", isSame ? result.ToString() : "Digest"));
        Log.DispatchRefused(engine.Logger, file.Id, reason);
        var refused = file with { Verdict = ApprovalVerdict.Refused, Reason = reason };
        session.PutApproval(refused, StoredState.Decided, StoredState.Finished);
        session.FinishWork();
        ApprovalDecider.EndUnhandled(session, refused, engine.ContractName(file.Request.Contract, file.Request.Major));
        await session.CommitAsync().ConfigureAwait(false);
        return false;
    }

    // The contract or its handler is gone from this code: the decision waits, visibly, for code that has it.
    private async ValueTask<bool> GiveUpAsync(ThreadSession session, ApprovalFile file)
    {
        string contract = engine.ContractName(file.Request.Contract, file.Request.Major);
        DeadLetters.Add(session, new FramePosition(file.Request.Position, 0), contract, 0, "handler.missing");
        await session.CommitAsync().ConfigureAwait(false);
        return false;
    }

    private static byte[] StartMarker(ApprovalFile file) => [.. "AgentFlow started"u8, .. file.Request.Envelope.Span];
}
