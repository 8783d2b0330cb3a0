using AgentFlow.Contracts;
using AgentFlow.Diagnostics;
using AgentFlow.Dispatch;
using AgentFlow.Protocol.Frames;
using AgentFlow.SourceGeneration;
using AgentFlow.Store;

namespace AgentFlow.Engine;

/// <summary>Hands the frames of a thread to the agent's handlers, in order, each in its own transaction.</summary>
internal sealed class FrameDispatcher(EngineServices engine, HandlerRunner runner)
{
    private const int Page = 32;

    /// <summary>Whether a frame is for a handler of this agent, or might be if newer code ran.</summary>
    public static bool Concerns(EngineServices engine, ThreadSession session, OpenedFrame frame)
    {
        if (session.Agent.Kind != HostedAgentKind.Agent || BuiltInContracts.IsBuiltIn(frame.Header.Contract))
            return false;
        return !engine.Catalogue.TryFindDecoder(frame.Key, out var decoder) || FindHandler(session, decoder) is not null;
    }

    /// <summary>Works off what has been received, until nothing is left or a try must wait.</summary>
    public async ValueTask DrainAsync(ThreadSession session, HandlerContext context)
    {
        while (session.BlockedUntil is null && session.Cursor.Position <= session.Member.Received)
        {
            engine.Stopping.ThrowIfCancellationRequested();
            foreach (var row in await ReadAsync(session).ConfigureAwait(false))
            {
                if (!await DispatchAsync(session, context, row).ConfigureAwait(false))
                    return;
            }
        }
    }

    private async ValueTask<IReadOnlyList<HistoryRow>> ReadAsync(ThreadSession session)
    {
        if (session.Last is { } last && last.Position == session.Cursor.Position)
            return [last];
        var rows = await engine.Store.ReadHistoryAsync(
            session.Agent.Id, session.Thread, session.Cursor.Position - 1, Page, engine.Stopping).ConfigureAwait(false);
        return rows.Count > 0 && rows[0].Position == session.Cursor.Position
            ? rows
            : throw new ThreadFaultException(session.Thread, "store.history", $"The history has no position {session.Cursor.Position}: the store was damaged.");
    }

    private async ValueTask<bool> DispatchAsync(ThreadSession session, HandlerContext context, HistoryRow row)
    {
        IReadOnlyList<OpenedFrame> frames = row.Record is null || row.Status is HistoryStatus.Rejected or HistoryStatus.Expired ? [] : OpenedFrame.Read(row.Record);
        if (row.Status == HistoryStatus.Parked && frames.All(frame => UnreadableEnvelopes.IsReadable(engine, frame)))
            await UnparkAsync(session, row.Position).ConfigureAwait(false);
        for (int i = session.Cursor.Frame; i < frames.Count; i++)
        {
            session.SkipTo(new FramePosition(row.Position, i));
            if (Concerns(engine, session, frames[i]) && !await HandleAsync(
                session, context, row, frames[i], isLast: i == frames.Count - 1).ConfigureAwait(false))
                return false;
        }

        session.SkipTo(new FramePosition(row.Position + 1, 0));
        return true;
    }

    private async ValueTask<bool> HandleAsync(ThreadSession session, HandlerContext context, HistoryRow row, OpenedFrame frame, bool isLast)
    {
        var place = new FramePosition(row.Position, frame.Index);
        if (!engine.Catalogue.TryFindDecoder(frame.Key, out var decoder))
            return await ParkAsync(session, place, frame).ConfigureAwait(false);
        var handler = FindHandler(session, decoder)!;
        string contract = decoder.Target.ToString();
        if (frame.Header.Codec != FrameCodec.Protobuf || decoder.Read(frame.View.Payload) is not { } message)
            return await GiveUpAsync(session, place, contract, "payload.malformed").ConfigureAwait(false);

        if (!await session.Hops.IsWithinAsync(engine, session, decoder.Target, row, engine.Stopping).ConfigureAwait(false))
            return await GiveUpAsync(session, place, contract, "hops.exceeded").ConfigureAwait(false);

        var work = new Work(
            new WorkKey(place, IsContinuation: false), CauseOf(session.Thread, row, frame, isApproved: false), contract, handler, message, AskedBy(frame));
        var next = isLast ? new FramePosition(row.Position + 1, 0) : new FramePosition(row.Position, frame.Index + 1);
        return await runner.RunAsync(session, context, work, s => Finish(s, place, next)).ConfigureAwait(false);
    }

    private async ValueTask<bool> GiveUpAsync(ThreadSession session, FramePosition place, string contract, string cause)
    {
        DeadLetters.Add(session, place, contract, 0, cause);
        Log.DeadLettered(engine.Logger, session.Agent.Name, contract, place.Position, session.Thread, 0, cause);
        await session.CommitAsync().ConfigureAwait(false);
        return false;
    }

    public static MessageCause CauseOf(ThreadId thread, HistoryRow row, OpenedFrame frame, bool isApproved, byte phase = 0) => new()
    {
        Thread = thread,
        Position = row.Position,
        Frame = frame.Index,
        MessageId = row.Record!.MessageId,
        Sender = row.Record.Sender,
        SentAt = MemberSession.TimeOf(row.Record),
        Envelope = row.Envelope,
        Correlation = frame.Header.CorrelationId,
        IsApproved = isApproved,
        Phase = phase,
    };

    /// <summary>The activity that sent a frame, to link back to; nothing where nobody traces.</summary>
    public static SentTrace AskedBy(OpenedFrame frame) => SentTrace.Of(frame.View.Extensions);

    private static void Finish(ThreadSession session, FramePosition place, FramePosition next)
    {
        session.Add(new AgentOp.MarkHandled(place));
        session.MoveCursor(next);
    }

    /// <summary>Newer code runs: what was parked goes on.</summary>
    private async ValueTask UnparkAsync(ThreadSession session, long position)
    {
        session.Add(new AgentOp.SetHistoryStatus(position, HistoryStatus.Opened));
        session.SetOutcome(ThreadOutcome.Running, null);
        session.Last = null;
        await UnreadableEnvelopes.ReadAgainAsync(engine, session, position).ConfigureAwait(false);
        await session.CommitAsync().ConfigureAwait(false);
    }

    // A gated contract is acted on by its approval, never by its frame; only an observer sees the frame itself.
    private static HandlerDescriptor? FindHandler(ThreadSession session, PayloadDecoder decoder)
    {
        if (!session.Agent.Routes.TryFind(decoder.Target, out var route) || route.Message is not { } handler)
            return null;
        bool isGated = decoder.Target.Descriptor.IsGated || session.Member.Policy.RulesFor(decoder.Target.Id, decoder.Target.Major).Any();
        return isGated && !handler.IsObserver ? null : handler;
    }

    /// <summary>Stops the thread here until newer code runs; the frame is kept and never dropped.</summary>
    private async ValueTask<bool> ParkAsync(ThreadSession session, FramePosition place, OpenedFrame frame)
    {
        if (session.Outcome == ThreadOutcome.Parked)
            return false;
        string contract = $"{frame.Header.Contract}@{frame.Header.Major}";
        session.Add(new AgentOp.SetHistoryStatus(place.Position, HistoryStatus.Parked));
        session.SetOutcome(ThreadOutcome.Parked, $"contract {contract} needs newer code");
        session.Audit(ThreadStepKind.DeadLettered, place.Position, contract, detail: "contract.unknown");
        session.Last = null;
        Log.UnknownContract(engine.Logger, session.Agent.Name, session.Thread, contract, place.Position);
        await session.CommitAsync().ConfigureAwait(false);
        return false;
    }
}
