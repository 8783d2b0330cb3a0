using AgentFlow.Dispatch;
using AgentFlow.Store;

namespace AgentFlow.Engine;

/// <summary>The parts that processors share. They hold no state of a thread.</summary>
internal sealed class EngineParts
{
    private readonly EngineServices _engine;

    public EngineParts(EngineServices engine)
    {
        _engine = engine;
        Sealer = new EnvelopeSealer(engine);
        var runner = new HandlerRunner(engine, Sealer);
        Decider = new ApprovalDecider(engine, Sealer);
        Receiver = new EnvelopeReceiver(engine, new ApprovalDesk(engine));
        Dispatcher = new FrameDispatcher(engine, runner);
        Continuation = new ApprovalContinuation(engine, Decider, runner);
        Joiner = new ThreadJoiner(engine);
    }

    public EnvelopeSealer Sealer { get; }

    public ApprovalDecider Decider { get; }

    public EnvelopeReceiver Receiver { get; }

    public FrameDispatcher Dispatcher { get; }

    public ApprovalContinuation Continuation { get; }

    public ThreadJoiner Joiner { get; }

    /// <summary>Sends the message of a timer that is due; its id is the timer's, so that it is sent once.</summary>
    public async ValueTask SendScheduledAsync(ThreadSession session, TimerRow timer)
    {
        var scheduled = ScheduledMessage.Decode(timer.Payload);
        session.RemoveTimer(timer.Kind, timer.Key);
        if (_engine.Catalogue.TryFindDecoder(scheduled.Contract, out var decoder) && decoder.Read(scheduled.Payload) is { } message)
        {
            var cause = new MessageCause
            {
                Thread = session.Thread, Position = 0, Frame = 0, MessageId = scheduled.Causation, Sender = session.Agent.Id, SentAt = 0, Envelope = default,
                Correlation = scheduled.Correlation,
            };
            var id = CauseHash.ScheduledId(timer.Key.Span, timer.Due.ToUnixTimeMilliseconds(), session.Agent.Keys.IdKey);
            Sealer.SendOne(session, id, decoder.Target, message, cause);
        }
        else
            session.SetOutcome(ThreadOutcome.Parked, "a scheduled message needs newer code");

        await session.CommitAsync().ConfigureAwait(false);
    }
}
