using AgentFlow.Diagnostics;
using AgentFlow.Dispatch;
using AgentFlow.Protocol.Hub;
using AgentFlow.Storage;
using AgentFlow.Store;

namespace AgentFlow.Engine;

/// <summary>
/// Does the work of one thread of one agent, one item after another. Between two items it may be thrown away: all that counts lies in the store.
/// </summary>
internal sealed class ThreadProcessor(EngineServices engine, EngineParts parts, ThreadKey key) : IDisposable
{
    private static readonly TimeSpan s_firstPause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan s_longestPause = TimeSpan.FromSeconds(30);
    private readonly HostedAgent _agent = engine.Agents[key.Agent];
    private readonly WaitingDelivery _waiting = new();
    private HandlerContext? _context;
    private ThreadSession? _session;
    private TimeSpan _pause = s_firstPause;
    private bool _isFaulted;
    private long _acknowledged;
    private long? _fence;

    public ThreadKey Key => key;

    /// <summary>Does one item. Never throws: what could not be done is done again after a pause, or stays visible in the thread.</summary>
    public async Task ProcessAsync(WorkItem item)
    {
        if (engine.Stopping.IsCancellationRequested)
        {
            item.Release(engine, isDone: false);
            return;
        }

        if (item is WorkItem.Deliver another && _waiting.Covers(another))
        {
            item.Release(engine, isDone: false);
            return;
        }

        try
        {
            using var hold = await engine.Leases.HoldAsync(key, engine.Stopping).ConfigureAwait(false);
            if (!hold.IsHeld)
            {
                await LeaveAsync(item, hold.HeldFor).ConfigureAwait(false);
                return;
            }

            if (hold.Fence != _fence)
                Reset();
            _fence = hold.Fence;
            await DoAsync(item).ConfigureAwait(false);
            _pause = s_firstPause;
            item.Release(engine, isDone: true);
        }
        catch (OperationCanceledException) when (engine.Stopping.IsCancellationRequested)
        {
            Reset();
            item.Release(engine, isDone: false);
        }
        catch (Exception exception) when (item is WorkItem.Call call && exception is not SessionStaleException)
        {
            Reset();
            call.Done.TrySetException(exception);
        }
        catch (Exception exception)
        {
            Reset();
            if (exception is SessionStaleException { Status: AgentCommitStatus.Fenced })
                engine.Leases.Lost(key);
            await PostponeAsync(item, exception).ConfigureAwait(false);
        }
    }

    /// <summary>The session, loaded, for a call that runs in the thread's order; null where this agent is no member.</summary>
    public async ValueTask<ThreadSession?> LoadAsync()
    {
        if (_session is not null)
            return _session;
        // Before the row, so that nothing fails while its secrets are in memory.
        var approvals = (await engine.Store.ListApprovalsAsync(new ApprovalQuery(key.Agent, key.Thread, null, int.MaxValue), engine.Stopping).ConfigureAwait(false))
            .Where(approval => approval.State is Store.ApprovalState.Pending or Store.ApprovalState.Decided)
            .ToDictionary(approval => approval.RequestEnvelope, approval => ApprovalFile.Decode(approval.Bytes));
        var row = await engine.Store.LoadThreadAsync(key.Agent, key.Thread, engine.Stopping).ConfigureAwait(false);
        if (row is null || row.IsDestroyed || row.MemberState.Length == 0)
            return null;
        var session = new ThreadSession(engine, _agent, key.Thread, MemberSession.Take(row.MemberState, _agent.Keys), row.Version) { Fence = _fence };
        session.Restore(row);
        foreach (var (request, file) in approvals)
            session.Approvals.Add(request, file);
        session.HasApprovalNews = session.Approvals.Count > 0;
        if (engine.Leases.IsShared)
            engine.Outbox.Resume(key, await engine.Store.ReadOutboxAsync(key.Agent, key.Thread, int.MaxValue, engine.Stopping).ConfigureAwait(false));
        return _session = session;
    }

    /// <summary>Goes on with whatever can be gone on with.</summary>
    public async ValueTask DrainAsync(ThreadSession session)
    {
        if (await RevokedLeaves.ParkAsync(engine, session).ConfigureAwait(false))
            return;
        _context ??= new HandlerContext(key.Agent, engine.Services, engine.Catalogue, engine.StepResults, new StepJournal(engine, key, () => _fence));
        await parts.Dispatcher.DrainAsync(session, _context).ConfigureAwait(false);
        await parts.Decider.ProgressAsync(session).ConfigureAwait(false);
        await parts.Continuation.DrainAsync(session, _context).ConfigureAwait(false);
        Acknowledge(session);
    }

    public void Dispose() => Reset();

    private async ValueTask DoAsync(WorkItem item)
    {
        switch (item)
        {
            case WorkItem.Call call:
                await call.Action(this, call.CancellationToken).ConfigureAwait(false);
                return;
            case WorkItem.Deliver deliver:
                await DeliverAsync(deliver.Envelope).ConfigureAwait(false);
                return;
            case WorkItem.Due due:
                due.IsGone = !await FireAsync(due.Timer).ConfigureAwait(false);
                return;
            default:
                if (await LoadAsync().ConfigureAwait(false) is { } session)
                    await DrainAsync(session).ConfigureAwait(false);
                if (engine.Leases.IsShared && _waiting.Take() is { } waiting)
                    engine.Processors.Post(key, waiting);
                return;
        }
    }

    private async ValueTask DeliverAsync(StoredEnvelope envelope)
    {
        if (_isFaulted)
            return;
        var session = await LoadAsync().ConfigureAwait(false) ?? await JoinAsync(envelope).ConfigureAwait(false);
        if (session is null)
        {
            // Not a thread of this agent, or one that was destroyed here: it is not to be delivered for ever.
            engine.Acknowledger.Acknowledge(key, envelope.Position);
            return;
        }

        session.KnownHead = Math.Max(session.KnownHead, envelope.Position);
        if (envelope.Position > session.Member.Received + 1)
            await CatchUpAsync(session, envelope.Position - 1).ConfigureAwait(false);
        if (envelope.Position == session.Member.Received + 1)
            _isFaulted |= !await parts.Receiver.ReceiveAsync(session, envelope).ConfigureAwait(false);
        await DrainAsync(session).ConfigureAwait(false);
        await StuckDeliveries.UnparkAsync(session).ConfigureAwait(false);
    }

    private async ValueTask CatchUpAsync(ThreadSession session, long upTo)
    {
        while (session.Member.Received < upTo)
        {
            var page = await engine.HubOf(key.Agent).ReadThreadAsync(key.Thread, session.Member.Received, 64, 1 << 20, engine.Stopping).ConfigureAwait(false);
            if (page.Envelopes.Count == 0)
                throw new HubException(HubStatus.Unavailable, $"The hub named position {upTo} and did not give it out.");
            foreach (var envelope in page.Envelopes)
            {
                if (await parts.Receiver.ReceiveAsync(session, envelope).ConfigureAwait(false))
                    continue;
                _isFaulted = true;
                return;
            }
        }
    }

    private async ValueTask<ThreadSession?> JoinAsync(StoredEnvelope envelope)
    {
        if (await engine.Store.FindThreadAsync(key.Agent, key.Thread, engine.Stopping).ConfigureAwait(false) is not null)
            return null;
        var genesis = envelope;
        if (envelope.Position != 1)
        {
            var page = await engine.HubOf(key.Agent).ReadThreadAsync(key.Thread, 0, 1, 1 << 20, engine.Stopping).ConfigureAwait(false);
            if (page.Envelopes.Count == 0)
                throw new HubException(HubStatus.Unavailable, "The hub delivered from a thread and did not give out its first envelope.");
            genesis = page.Envelopes[0];
        }

        return _session = await parts.Joiner.JoinAsync(_agent, key.Thread, genesis, _fence).ConfigureAwait(false);
    }

    /// <summary>Does what a timer is for; false where the thread is gone, so that its timer is not asked again.</summary>
    private async ValueTask<bool> FireAsync(TimerRow timer)
    {
        // Another process may have fired it since it was listed.
        if (engine.Leases.IsShared && !await engine.Timers.StandsAsync(timer, engine.Stopping).ConfigureAwait(false))
            return true;
        if (await LoadAsync().ConfigureAwait(false) is not { } session)
            return false;
        switch (timer.Kind)
        {
            case TimerKind.Retry:
                session.BlockedUntil = null;
                session.Attempts = BitConverter.ToInt32(timer.Payload.Span);
                session.RetryTimer = timer.Key.ToArray();
                break;
            case TimerKind.Scheduled when await RevokedLeaves.ParkAsync(engine, session).ConfigureAwait(false):
                // It can never be sent in this thread, which says so.
                session.RemoveTimer(timer.Kind, timer.Key);
                await session.CommitAsync().ConfigureAwait(false);
                break;
            case TimerKind.Scheduled:
                await parts.SendScheduledAsync(session, timer).ConfigureAwait(false);
                break;
            default:
                await parts.Decider.ExpireAsync(session, timer).ConfigureAwait(false);
                break;
        }

        await DrainAsync(session).ConfigureAwait(false);
        if (session is { RetryTimer: not null, BlockedUntil: null })
        {
            // The work that this try was for is over already: its timer goes too.
            session.FinishWork();
            await session.CommitAsync().ConfigureAwait(false);
        }

        return true;
    }

    private void Acknowledge(ThreadSession session)
    {
        long done = Math.Min(session.Cursor.Position - 1, session.Member.Received);
        if (done <= _acknowledged)
            return;
        _acknowledged = done;
        engine.Acknowledger.Acknowledge(key, done);
    }

    private void Reset()
    {
        _session?.Dispose();
        _session = null;
    }

    private async ValueTask LeaveAsync(WorkItem item, TimeSpan heldFor)
    {
        Reset();
        if (await WorkElsewhere.LeaveAsync(engine, key, item, heldFor, _waiting).ConfigureAwait(false) is { } again)
            _ = RepeatAsync(again.Item, again.Pause);
    }

    private async ValueTask PostponeAsync(WorkItem item, Exception exception)
    {
        if (item is WorkItem.Deliver deliver)
        {
            deliver = _waiting.Put(deliver);
            if (StuckDeliveries.IsStuck(deliver.Failures, exception))
                await ParkAsync(deliver.Envelope.Position, exception).ConfigureAwait(false);
        }

        var pause = _pause;
        _pause = _pause * 2 < s_longestPause ? _pause * 2 : s_longestPause;
        if (exception is SessionStaleException && pause == s_firstPause)
            pause = TimeSpan.Zero;
        else
            Log.WorkPostponed(engine.Logger, _agent.Name, key.Thread, exception.GetType().Name, pause);
        _ = RepeatAsync(item, pause);
    }

    private async ValueTask ParkAsync(long position, Exception cause)
    {
        try
        {
            if (await LoadAsync().ConfigureAwait(false) is { } session)
                await StuckDeliveries.ParkAsync(engine, session, Math.Min(position, session.Member.Received + 1), cause).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            // Its next failure tries again.
            Log.WorkPostponed(engine.Logger, _agent.Name, key.Thread, exception.GetType().Name, _pause);
        }

        Reset();
    }

    private async Task RepeatAsync(WorkItem item, TimeSpan pause)
    {
        if (pause > TimeSpan.Zero)
            await Task.Delay(pause, engine.Clock, engine.Stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (_waiting.Take(item) is { } next && !engine.Processors.Post(key, next))
            next.Release(engine, isDone: false);
    }
}
