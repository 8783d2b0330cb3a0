using AgentFlow.Diagnostics;
using AgentFlow.Dispatch;
using AgentFlow.Protocol.Approvals;
using AgentFlow.Protocol.Frames;
using AgentFlow.SourceGeneration;
using AgentFlow.Storage;
using AgentFlow.Store;
using StoredState = AgentFlow.Store.ApprovalState;
using TallyStatus = AgentFlow.Protocol.Approvals.ApprovalStatus;

namespace AgentFlow.Engine;

/// <summary>
/// Decides the requests of a thread by protocol.md 2.10: counts in thread order, claims, waits until its own claim stands and is the lowest, checks everything
/// again, and
/// makes one Pending to Decided compare-and-set. What follows from the decision is <see cref="ApprovalContinuation"/>, in a transaction of its own.
/// </summary>
internal sealed class ApprovalDecider(EngineServices engine, EnvelopeSealer sealer)
{
    /// <summary>Takes every pending request as far as it goes now.</summary>
    public async ValueTask ProgressAsync(ThreadSession session)
    {
        if (!session.HasApprovalNews)
            return;
        session.HasApprovalNews = false;
        foreach (var file in session.Approvals.Values.Where(file => file.Verdict == ApprovalVerdict.None).OrderBy(file => file.Request.Position).ToList())
        {
            if (file.IsExecutor)
                await ProgressExecutorAsync(session, file).ConfigureAwait(false);
            else
                await FollowAsync(session, file).ConfigureAwait(false);
        }
    }

    /// <summary>Ends a request that nobody answered in time. Once it is claimed, its claim decides.</summary>
    public async ValueTask ExpireAsync(ThreadSession session, TimerRow timer)
    {
        if (session.Approvals.TryGetValue(new Bytes32(timer.Key.Span), out var file) && file is { Verdict: ApprovalVerdict.None, OwnClaim: null })
            await DecideAsync(session, file, ApprovalVerdict.Expired, "approval.expired").ConfigureAwait(false);
        else
        {
            session.RemoveTimer(timer.Kind, timer.Key);
            await session.CommitAsync().ConfigureAwait(false);
        }
    }

    /// <summary>Whether the agent may act now, by everything that it knows of the thread.</summary>
    public ExecutionResult Check(ThreadSession session, ApprovalFile file, out ApprovalTally tally)
    {
        var execution = new ExecutionFacts
        {
            Agent = session.Agent.Id,
            JoinPosition = session.Member.JoinPosition,
            ProcessedThrough = session.Member.Received,
            KnownHead = session.KnownHead,
            FirstUnreadableAfterRequest = file.FirstUnreadable == 0 ? null : file.FirstUnreadable,
            OwnClaim = file.OwnClaim,
        };
        return file.Book.CheckExecution(execution, Facts(session), engine.Now.ToUnixTimeMilliseconds(), out tally);
    }

    /// <summary>
    /// The same by the newest logs that the hub has of the people whose votes count: a key that was revoked meanwhile counts no more. Asked before whatever
    /// cannot be taken back.
    /// </summary>
    public async ValueTask<(ExecutionResult Result, ApprovalTally Tally)> CheckNewestAsync(ThreadSession session, ApprovalFile file)
    {
        Check(session, file, out var tally);
        await engine.Peers.RefreshAsync(tally.Votes.Select(vote => vote.Approver), engine.Stopping).ConfigureAwait(false);
        var result = Check(session, file, out tally);
        return (result, tally);
    }

    public ApprovalFacts Facts(ThreadSession session) => new(session.Member.Policy, engine.Peers);

    private async ValueTask ProgressExecutorAsync(ThreadSession session, ApprovalFile file)
    {
        var result = Check(session, file, out var tally);
        if (tally.Status != TallyStatus.Pending)
            (result, tally) = await CheckNewestAsync(session, file).ConfigureAwait(false);
        if (await RevokedLeaves.ParkAsync(engine, session).ConfigureAwait(false))
            return;
        if (result == ExecutionResult.ClaimedElsewhere)
            await DecideAsync(session, file, ApprovalVerdict.Elsewhere, null).ConfigureAwait(false);
        else if (file.OwnClaim is null && engine.Now >= file.ExpiresAt)
            await DecideAsync(session, file, ApprovalVerdict.Expired, "approval.expired").ConfigureAwait(false);
        else if (file.OwnClaim is null && RefusalOf(tally.Status) is { } refusal)
            await DecideAsync(session, file, ApprovalVerdict.Refused, refusal).ConfigureAwait(false);
        else if (file.OwnClaim is null && result == ExecutionResult.Allowed)
            await ClaimAsync(session, file).ConfigureAwait(false);
        else if (file.OwnClaim is not null && result == ExecutionResult.Allowed)
            await DecideAsync(session, file, ApprovalVerdict.Approved, null).ConfigureAwait(false);
        else if (file.OwnClaim is not null && result is not (ExecutionResult.ClaimPending or ExecutionResult.Unprocessed))
            await RefuseClaimedAsync(session, file, result, tally).ConfigureAwait(false);
    }

    private async ValueTask ClaimAsync(ThreadSession session, ApprovalFile file)
    {
        var id = CauseHash.ClaimId(file.Request.Envelope, file.RequestedAt.ToUnixTimeMilliseconds(), session.Agent.Keys.IdKey);
        sealer.SendBuiltIn(session, id, BuiltInContracts.Claim, ApprovalClaim.ToPayload(file.Request.Envelope), default);
        session.PutApproval(file with { OwnClaim = session.LastSealed }, StoredState.Pending, StoredState.Pending);
        FailPoint.Hit(FailPoints.BeforeClaimCommit);
        await session.CommitAsync().ConfigureAwait(false);
        Log.ClaimSent(engine.Logger, session.Agent.Name, file.Id);
        FailPoint.Hit(FailPoints.AfterClaimCommit);
    }

    private async ValueTask RefuseClaimedAsync(ThreadSession session, ApprovalFile file, ExecutionResult result, ApprovalTally tally)
    {
        string reason = result == ExecutionResult.NotMet ? $"approval.not-met: {tally.Status}" : $"approval.{result}";
        Telemetry.RefusedDispatches.Add(1, Telemetry.Tag("reason", result.ToString()));
        Log.DispatchRefused(engine.Logger, file.Id, reason);
        await DecideAsync(session, file, ApprovalVerdict.Refused, reason).ConfigureAwait(false);
    }

    /// <summary>Who only signs or asked follows the thread: a refusal, or a claim of what is met.</summary>
    private async ValueTask FollowAsync(ThreadSession session, ApprovalFile file)
    {
        long now = engine.Now.ToUnixTimeMilliseconds();
        var status = file.Book.Evaluate(Facts(session), now).Status;
        if (file.Book.Claims.Any(claim => IsCredible(session, file, claim)))
            await DecideAsync(session, file, ApprovalVerdict.Approved, null).ConfigureAwait(false);
        else if (engine.Now >= file.ExpiresAt)
            await DecideAsync(session, file, ApprovalVerdict.Expired, "approval.expired").ConfigureAwait(false);
        else if (RefusalOf(status) is { } refusal)
            await DecideAsync(session, file, ApprovalVerdict.Refused, refusal).ConfigureAwait(false);
    }

    /// <summary>Any member can claim: a claim is followed that comes from the target, where there is one, and below which everything is met, as of the time that it had.</summary>
    private bool IsCredible(ThreadSession session, ApprovalFile file, ApprovalClaim claim)
    {
        long asOf = Math.Min(engine.Now.ToUnixTimeMilliseconds(), file.ExpiresAt.ToUnixTimeMilliseconds() - 1);
        return (file.Request.Target is not { } target || target == claim.Agent)
            && file.Book.Evaluate(Facts(session), asOf, claim.Position).Status == TallyStatus.Met;
    }

    private static string? RefusalOf(TallyStatus status) => status switch
    {
        TallyStatus.Refused => "approval.refused",
        TallyStatus.Impossible => "approval.impossible",
        TallyStatus.Exhausted => "approval.exhausted",
        _ => null,
    };

    /// <summary>The one compare-and-set of a decision.</summary>
    private async ValueTask DecideAsync(ThreadSession session, ApprovalFile file, ApprovalVerdict verdict, string? reason)
    {
        var decided = file with { Verdict = verdict, DecidedAt = engine.Now, Reason = reason };
        session.PutApproval(decided, StoredState.Pending, StoredState.Decided);
        session.RemoveTimer(TimerKind.ApprovalExpiry, file.Request.Envelope.ToArray());
        string contract = engine.ContractName(file.Request.Contract, file.Request.Major);
        bool hasContinuation = file.IsExecutor && verdict != ApprovalVerdict.Elsewhere && HandlerFor(session, decided) is not null;
        if (!hasContinuation)
            session.PutApproval(decided, StoredState.Decided, StoredState.Finished);
        bool isReporter = RequestReporter.IsReporter(engine, session, file);
        if (isReporter)
            session.Audit(ThreadStepKind.ApprovalDecided, file.Request.Position, contract, decided.DecidedAt - file.RequestedAt, $"{file.Id} {verdict}");
        if (file.IsExecutor ? !hasContinuation : isReporter && RequestReporter.IsUnhandledElsewhere(engine, decided))
            EndUnhandled(session, !file.IsExecutor && verdict == ApprovalVerdict.Expired ? decided with { Reason = RequestReporter.ExpiredByClock } : decided, contract);
        if (file.IsExecutor)
            session.AfterCommit(() => Report(session, decided));

        FailPoint.Hit(FailPoints.BeforeDecision);
        await session.CommitAsync().ConfigureAwait(false);
        FailPoint.Hit(FailPoints.AfterDecision);
    }

    /// <summary>The handler that a verdict calls, or null.</summary>
    public HandlerDescriptor? HandlerFor(ThreadSession session, ApprovalFile file)
    {
        if (!engine.Catalogue.TryFind(file.Request.Contract, file.Request.Major, out var contract) || !session.Agent.Routes.TryFind(contract, out var route))
            return null;
        return HandlerOf(route, file.Verdict);
    }

    /// <summary>The handler of a route for a verdict, or null.</summary>
    public static HandlerDescriptor? HandlerOf(AgentRoute route, ApprovalVerdict verdict) => verdict switch
    {
        ApprovalVerdict.Approved => route.Approved,
        ApprovalVerdict.Refused => route.Rejected,
        ApprovalVerdict.Expired => route.Expired,
        _ => null,
    };

    /// <summary>Without a handler for it, a refusal or an expiry ends the thread.</summary>
    public static void EndUnhandled(ThreadSession session, ApprovalFile file, string contract)
    {
        var outcome = file.Verdict switch
        {
            ApprovalVerdict.Refused => ThreadOutcome.Refused,
            ApprovalVerdict.Expired => ThreadOutcome.Expired,
            _ => ThreadOutcome.Running,
        };
        if (outcome == ThreadOutcome.Running)
            return;
        session.SetOutcome(outcome, file.Reason);
        session.AfterCommit(() => Telemetry.ThreadEnded(outcome));
        session.Audit(ThreadStepKind.Ended, file.Request.Position, contract, detail: outcome.ToString());
    }

    private void Report(ThreadSession session, ApprovalFile file)
    {
        Telemetry.Approval("decide", file.Id, session.Thread.ToString())?.Dispose();
        Telemetry.PendingApprovals.Add(-1);
        Telemetry.ApprovalWait.Record((file.DecidedAt - file.RequestedAt).TotalSeconds, Telemetry.Tag("outcome", file.Verdict.ToString()));
        Telemetry.ApprovalDecisions.Add(1, Telemetry.Tag("outcome", file.Verdict.ToString()), Telemetry.Tag("strength", "device-signed"));
        Log.ApprovalDecided(engine.Logger, file.Id, file.Verdict.ToString());
    }
}
