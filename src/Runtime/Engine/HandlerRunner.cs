using System.Diagnostics;
using AgentFlow.Diagnostics;
using AgentFlow.Dispatch;
using AgentFlow.SourceGeneration;
using AgentFlow.Storage;
using AgentFlow.Store;

namespace AgentFlow.Engine;

/// <summary>What a handler is run for.</summary>
/// <param name="Key">The work.</param>
/// <param name="Cause">Where its message stands.</param>
/// <param name="Contract">The contract of the message.</param>
/// <param name="Handler">The handler.</param>
/// <param name="Message">The message, or its wrapper.</param>
/// <param name="Asked">The activity that sent the message.</param>
internal readonly record struct Work(WorkKey Key, MessageCause Cause, string Contract, HandlerDescriptor Handler, object Message, SentTrace Asked);

/// <summary>Runs one handler and puts everything that it did into the session's transaction; or, if it failed, its next try or its dead letter.</summary>
internal sealed class HandlerRunner(EngineServices engine, EnvelopeSealer sealer)
{
    /// <summary>Runs a handler.</summary>
    /// <param name="session">The thread.</param>
    /// <param name="context">The thread's context.</param>
    /// <param name="work">What to run.</param>
    /// <param name="finish">Adds what belongs to the end of this work, such as the mark of its frame.</param>
    /// <returns>Whether it was handled; false where it failed and waits.</returns>
    public async ValueTask<bool> RunAsync(ThreadSession session, HandlerContext context, Work work, Action<ThreadSession> finish)
    {
        int attempt = session.Attempts + 1;
        long started = engine.Clock.GetTimestamp();
        LoadedState? state = null;
        // What the handler sends is sealed under the activity too, so that whoever handles that can link to it.
        using var activity = Telemetry.Process(work.Contract, session.Agent.Name, session.Thread, work.Asked);
        try
        {
            state = await LoadStateAsync(session, work.Handler).ConfigureAwait(false);
            await InvokeAsync(session, context, work, attempt, state).ConfigureAwait(false);
            FailPoint.Hit(FailPoints.AfterHandler);
            WriteState(session, state);
            sealer.Send(session, work.Cause, context.Emissions);
        }
        catch (Exception exception) when (IsHandlers(exception))
        {
            context.End();
            activity?.SetTag("error.type", exception.GetType().Name).SetStatus(ActivityStatusCode.Error);
            Record(session, work, started, exception.GetType().Name);
            await FailAsync(session, work, attempt, exception).ConfigureAwait(false);
            return false;
        }
        finally
        {
            context.End();
        }

        var elapsed = engine.Clock.GetElapsedTime(started);
        Record(session, work, started, null);
        finish(session);
        session.FinishWork();
        session.Audit(ThreadStepKind.Handled, work.Cause.Position, work.Contract, elapsed);
        AuditEnd(session, context, work);
        await session.CommitAsync().ConfigureAwait(false);
        context.Clear();
        Log.Handled(engine.Logger, session.Agent.Name, work.Contract, work.Cause.Position, session.Thread, elapsed.TotalMilliseconds);
        FailPoint.Hit(FailPoints.AfterHandleCommit);
        return true;
    }

    // Written when the ending message is sealed, so that whoever learns of the end finds it in the timeline.
    private static void AuditEnd(ThreadSession session, HandlerContext context, Work work)
    {
        foreach (var emission in context.Emissions)
        {
            if (emission is { After: null, Contract.Descriptor: { IsGated: false, Ends: not ThreadOutcome.Running and var outcome } })
                session.Audit(ThreadStepKind.Ended, work.Cause.Position, emission.Contract.ToString(), detail: outcome.ToString());
        }
    }

    private async ValueTask InvokeAsync(ThreadSession session, HandlerContext context, Work work, int attempt, LoadedState? state)
    {
        await engine.Handlers.WaitAsync(engine.Stopping).ConfigureAwait(false);
        try
        {
            context.Begin(session.Agent.Descriptor, work.Cause, attempt, state, engine.Stopping);
            FailPoint.Hit(FailPoints.BeforeHandler);
            await work.Handler.Invoke(session.Agent.Instance, work.Message, context).ConfigureAwait(false);
        }
        finally
        {
            engine.Handlers.Release();
        }
    }

    // What the store or the stop of the runtime throws is no fault of the handler.
    private bool IsHandlers(Exception exception) => exception switch
    {
        OperationCanceledException => !engine.Stopping.IsCancellationRequested,
        SessionStaleException or StorageException or StorageBusyException or AgentStoreException => false,
        _ => true,
    };

    private async ValueTask<LoadedState?> LoadStateAsync(ThreadSession session, HandlerDescriptor handler)
    {
        if (handler.State is not { } descriptor)
            return null;
        var row = await engine.Store.FindStateAsync(session.Agent.Id, session.Thread, descriptor.Name, engine.Stopping).ConfigureAwait(false);
        return row is null ? new LoadedState(descriptor, descriptor.Version, 0, default) : new LoadedState(
            descriptor, row.SchemaVersion, row.Version, row.Bytes);
    }

    private static void WriteState(ThreadSession session, LoadedState? state)
    {
        if (state?.EncodeIfChanged() is { } bytes)
            session.Add(new AgentOp.PutState(state.Descriptor.Name, state.Descriptor.Version, bytes, state.Version));
    }

    private void Record(ThreadSession session, Work work, long started, string? error)
    {
        double seconds = engine.Clock.GetElapsedTime(started).TotalSeconds;
        Telemetry.Processing.Record(
            seconds, Telemetry.Tag(
                "agentflow.contract.name", work.Contract), Telemetry.Tag("gen_ai.agent.name", session.Agent.Name), Telemetry.Tag("error.type", error));
        if (error is null)
            Telemetry.Consumed.Add(1, Telemetry.Tag("agentflow.contract.name", work.Contract), Telemetry.Tag("gen_ai.agent.name", session.Agent.Name));
    }

    private async ValueTask FailAsync(ThreadSession session, Work work, int attempt, Exception exception)
    {
        session.Abandon();
        string error = exception.GetType().Name;
        byte[] timer = work.Key.Encode();
        if (attempt < work.Handler.Retry.MaxAttempts)
        {
            var pause = PauseAfter(attempt, work.Handler.Retry);
            session.Block(engine.Now + pause);
            session.AddTimer(engine.Now + pause, TimerKind.Retry, timer, BitConverter.GetBytes(attempt));
            session.Audit(ThreadStepKind.Retried, work.Cause.Position, work.Contract, detail: error);
            Log.HandlerFailed(engine.Logger, session.Agent.Name, work.Contract, work.Cause.Position, session.Thread, error, attempt, pause);
        }
        else
        {
            session.RemoveTimer(TimerKind.Retry, timer);
            DeadLetters.Add(session, work.Key.Frame, work.Contract, attempt, error);
            Log.DeadLettered(engine.Logger, session.Agent.Name, work.Contract, work.Cause.Position, session.Thread, attempt, error);
        }

        session.Attempts = attempt;
        await session.CommitAsync().ConfigureAwait(false);
    }

    private static TimeSpan PauseAfter(int attempt, RetryPolicy retry)
    {
        double factor = Math.Pow(2, Math.Min(attempt - 1, 30));
        var pause = retry.FirstPause * factor;
        return pause < retry.LongestPause ? pause : retry.LongestPause;
    }
}
