using AgentFlow.Engine;
using AgentFlow.Protocol.Approvals;
using AgentFlow.Store;
using StoredState = AgentFlow.Store.ApprovalState;

namespace AgentFlow.FrontDoor;

/// <summary>The approvals of the process: reads what its agents filed, and lets its people decide.</summary>
internal sealed class ApprovalService(IRunningFlow flow) : IApprovals
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    private EngineServices Engine => flow.Running.Engine;

    public async ValueTask<IReadOnlyList<ApprovalCard>> ListPendingAsync(CancellationToken cancellationToken = default)
    {
        var cards = new List<ApprovalCard>();
        var rows = await Engine.Store.ListApprovalsAsync(
            new ApprovalQuery(null, null, StoredState.Pending, int.MaxValue), cancellationToken).ConfigureAwait(false);
        foreach (var request in rows.GroupBy(row => row.RequestEnvelope))
        {
            if (await ReadAsync(request.First().Thread, request.Key, cancellationToken).ConfigureAwait(false) is { Status: ApprovalStatus.Pending } card)
                cards.Add(card);
        }

        return [.. cards.OrderBy(card => card.RequestedAt).ThenBy(card => card.Id, StringComparer.Ordinal)];
    }

    public async ValueTask<ApprovalCard?> GetAsync(string id, CancellationToken cancellationToken = default) =>
        await FindAsync(id, cancellationToken).ConfigureAwait(false) is { } row ? await ReadAsync(
            row.Thread, row.RequestEnvelope, cancellationToken).ConfigureAwait(false) : null;

    public ValueTask<DecisionResult> ApproveAsync(
        string id, string digest, string person, string? reason = null, CancellationToken cancellationToken = default) =>
        DecideAsync(id, digest, person, Decision.Yes, reason, cancellationToken);

    public ValueTask<DecisionResult> RejectAsync(string id, string digest, string person, string reason, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(reason);
        return DecideAsync(id, digest, person, Decision.No, reason, cancellationToken);
    }

    public ValueTask<DecisionResult> WithdrawAsync(
        string id, string digest, string person, string? reason = null, CancellationToken cancellationToken = default) =>
        DecideAsync(id, digest, person, Decision.Withdraw, reason, cancellationToken);

    public async ValueTask<byte[]?> ExportProofAsync(string id, CancellationToken cancellationToken = default) =>
        await FindAsync(id, cancellationToken).ConfigureAwait(false) is { } row ? await new ProofExport(Engine).WriteAsync(
            row.Thread, row.RequestEnvelope, cancellationToken).ConfigureAwait(false) : null;

    private async ValueTask<DecisionResult> DecideAsync(
        string id, string digest, string person, Decision decision, string? reason, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(digest);
        ArgumentNullException.ThrowIfNull(person);
        if (await FindAsync(id, cancellationToken).ConfigureAwait(false) is not { } row
            || await ReadAsync(row.Thread, row.RequestEnvelope, cancellationToken).ConfigureAwait(false) is not { } card)
            return new DecisionResult(DecisionStatus.NotFound, null, null);
        if (card.Digest != digest)
            return new DecisionResult(DecisionStatus.StaleDigest, card, null);
        if (card.Status == ApprovalStatus.Expired)
            return new DecisionResult(DecisionStatus.Expired, card, null);
        if (card.Status != ApprovalStatus.Pending && !(decision == Decision.Withdraw && await IsFollowedAsync(row, cancellationToken).ConfigureAwait(false)))
            return new DecisionResult(DecisionStatus.AlreadyDecided, card, First(card));
        if (Engine.Agents.Values.FirstOrDefault(agent => agent.Kind == HostedAgentKind.Person && agent.Name == person) is not { } local)
            return new DecisionResult(DecisionStatus.NotAllowed, card, null);
        var key = new ThreadKey(local.Id, row.Thread);
        if (!card.Requirements.Any(need => need.Approvers.Contains(local.Id)) || !await CatchUpAsync(key, card.Position, cancellationToken).ConfigureAwait(false))
            return new DecisionResult(DecisionStatus.NotAllowed, card, null);
        var status = await VoteAsync(key, new Ballot(row.RequestEnvelope, decision, reason), cancellationToken).ConfigureAwait(false);
        var now = await ReadAsync(row.Thread, row.RequestEnvelope, cancellationToken).ConfigureAwait(false) ?? card;
        return new DecisionResult(status, now, status == DecisionStatus.AlreadyDecided ? First(now) : null);
    }

    /// <summary>
    /// Waits until the person's own view of the thread has come to the request: the card may have been drawn from another agent's, and a vote is signed on the person's own.
    /// </summary>
    /// <returns>False where the person does not come that far in time: it is no member of the thread.</returns>
    private async ValueTask<bool> CatchUpAsync(ThreadKey key, long position, CancellationToken cancellationToken)
    {
        using var listener = Engine.Signals.Listen(key.Thread);
        using var patience = new CancellationTokenSource(s_patience, Engine.Clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, Engine.Stopping, patience.Token);
        while (await Engine.Store.FindThreadAsync(key.Agent, key.Thread, cancellationToken).ConfigureAwait(false) is not { } row || row.Received < position)
        {
            try
            {
                await listener.NextAsync(either.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (patience.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Votes, and waits until the statement stands in the thread and was counted there.</summary>
    private async ValueTask<DecisionStatus> VoteAsync(ThreadKey key, Ballot ballot, CancellationToken cancellationToken)
    {
        var status = DecisionStatus.NotAllowed;
        var message = default(MessageId);
        Task<VotePlaced>? placed = null;

        // The lease stays here until the vote stands in the thread, also if the caller does not wait: who has the thread learns what became of it.
        LeaseHold? hold = null;
        await ProcessorCalls.RunAsync(
            Engine,
            key,
            async (processor, _) =>
            {
                if (await processor.LoadAsync().ConfigureAwait(false) is not { } session)
                    return;
                (status, message) = await flow.Running.Voter.VoteAsync(session, ballot).ConfigureAwait(false);
                if (status != DecisionStatus.Recorded)
                    return;
                placed = Engine.Votes.Wait(message);
                hold = await Engine.Leases.HoldAsync(key, Engine.Stopping).ConfigureAwait(false);
                DisposeAfter(placed, hold);
            },
            cancellationToken).ConfigureAwait(false);
        if (placed is null)
            return status;
        try
        {
            using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, Engine.Stopping);
            using var listener = Engine.Signals.Listen(key.Thread);
            while (!placed.IsCompleted)
            {
                if (await StatusElsewhereAsync(key, ballot, message, either.Token).ConfigureAwait(false) is { } told)
                    return told;
                await Task.WhenAny(placed, listener.NextAsync(either.Token).AsTask()).ConfigureAwait(false);
                either.Token.ThrowIfCancellationRequested();
            }

            return StatusOf(await placed.ConfigureAwait(false), ballot.Decision);
        }
        finally
        {
            Engine.Votes.Forget(message);
            hold?.Dispose();
        }
    }

    private static void DisposeAfter(Task task, LeaseHold hold) =>
        _ = task.ContinueWith(_ => hold.Dispose(), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);

    /// <summary>Where the thread was lost to another process before the vote stood in it: what the store says of the vote, once it stands; else null.</summary>
    private async ValueTask<DecisionStatus?> StatusElsewhereAsync(ThreadKey key, Ballot ballot, MessageId message, CancellationToken cancellationToken)
    {
        if (Engine.Leases.IsHeld(key))
            return null;
        var waiting = await Engine.Store.ReadOutboxAsync(key.Agent, key.Thread, int.MaxValue, cancellationToken).ConfigureAwait(false);
        if (waiting.Any(row => row.MessageId == message)
            || await Engine.Store.FindApprovalAsync(key.Agent, key.Thread, ballot.Request, cancellationToken).ConfigureAwait(false) is not { } row)
            return null;
        var file = ApprovalFile.Decode(row.Bytes);
        var tally = file.Book.Evaluate(new ApprovalFacts(file.Request.Policy, Engine.Peers), Engine.Now.ToUnixTimeMilliseconds());
        bool counts = tally.Votes.Any(vote => vote.Approver == key.Agent && vote.Decision == ballot.Decision);
        return counts || ballot.Decision == Decision.Withdraw ? DecisionStatus.Recorded : DecisionStatus.AlreadyDecided;
    }

    private static DecisionStatus StatusOf(VotePlaced placed, Decision decision) => placed.Result switch
    {
        VoteResult.Counts when placed.WasOpen || decision == Decision.Withdraw => DecisionStatus.Recorded,
        VoteResult.Counts or VoteResult.Copy or VoteResult.LaterVote or VoteResult.Withdrawn or VoteResult.Request => DecisionStatus.AlreadyDecided,
        VoteResult.Time => DecisionStatus.Expired,
        _ => DecisionStatus.NotAllowed,
    };

    private static ApprovalVote? First(ApprovalCard card)
    {
        bool isRefused = card.Status == ApprovalStatus.Refused;
        return card.Votes.FirstOrDefault(vote => vote.IsYes != isRefused) ?? card.Votes.FirstOrDefault();
    }

    private async ValueTask<ApprovalRow?> FindAsync(string id, CancellationToken cancellationToken)
    {
        if (!ApprovalId.TryParse(id, null, out var wanted))
            return null;
        var rows = await Engine.Store.ListApprovalsAsync(new ApprovalQuery(MaxCount: int.MaxValue), cancellationToken).ConfigureAwait(false);
        return rows.FirstOrDefault(row => ApprovalId.Of(row.RequestEnvelope) == wanted);
    }

    /// <summary>Whether all that this process knows of the end of a request is another agent's claim.</summary>
    private async ValueTask<bool> IsFollowedAsync(ApprovalRow request, CancellationToken cancellationToken) =>
        await BestAsync(request.Thread, request.RequestEnvelope, cancellationToken).ConfigureAwait(false) is { File.IsFollowing: true };

    /// <summary>Draws the card from the file that has come furthest.</summary>
    private async ValueTask<ApprovalCard?> ReadAsync(ThreadId thread, Bytes32 request, CancellationToken cancellationToken)
    {
        if (await BestAsync(thread, request, cancellationToken).ConfigureAwait(false) is not { } best)
            return null;
        var history = await Engine.Store.FindHistoryAsync(best.Owner, thread, request, cancellationToken).ConfigureAwait(false);
        return ApprovalCards.Draw(best.File, history, Engine.Catalogue, new ApprovalFacts(best.File.Request.Policy, Engine.Peers), Engine.NameOf, Engine.Now);
    }

    /// <summary>
    /// The executing agent's file, where it lives here and has begun to decide. Until then the one of those that are open whose owner has received most, so that
    /// whoever voted sees the vote. Where no executor is here, one that has seen the end, if any has.
    /// </summary>
    private async ValueTask<(ApprovalFile File, AgentId Owner)?> BestAsync(ThreadId thread, Bytes32 request, CancellationToken cancellationToken)
    {
        var files = new List<(ApprovalFile File, AgentId Owner, long Received)>();
        foreach (var agent in Engine.Agents.Keys)
        {
            // The thread first: what the file then shows has come at least as far.
            long received = (await Engine.Store.FindThreadAsync(agent, thread, cancellationToken).ConfigureAwait(false))?.Received ?? 0;
            if (await Engine.Store.FindApprovalAsync(agent, thread, request, cancellationToken).ConfigureAwait(false) is { } row)
                files.Add((ApprovalFile.Decode(row.Bytes), agent, received));
        }

        if (files.Count == 0)
            return null;
        bool hasExecutor = files.Exists(file => file.File.IsExecutor);
        var best = files.OrderByDescending(file => Rank(file.File, hasExecutor)).ThenByDescending(file => file.Received).First();
        return (best.File, best.Owner);
    }

    // What others show of an end that the executor has not come to may be a claim that it does not act on.
    private static int Rank(ApprovalFile file, bool hasExecutor)
    {
        bool isOpen = file.Verdict == ApprovalVerdict.None && file.OwnClaim is null;
        return (isOpen, file.IsExecutor, hasExecutor) switch
        {
            (false, true, _) => 3,
            (false, false, false) => 2,
            (true, _, _) => 1,
            _ => 0,
        };
    }
}
