namespace AgentFlow.Runtime.Tests.Flows;

[Message("count.start")]
public sealed partial record StartCounting(int To);

[Message("count.tick")]
public sealed partial record Tick(int Number, int To);

[Message("count.done"), EndsThread]
public sealed partial record Counted(string Order);

[ThreadState("count")]
public sealed partial class CountState
{
    public string Order { get; set; } = "";

    public int Handled { get; set; }
}

[Agent("counter")]
public sealed class CounterAgent
{
    public async IAsyncEnumerable<Tick> Handle(StartCounting message)
    {
        for (int i = 1; i <= message.To; i++)
        {
            await Task.Yield();
            yield return new Tick(i, message.To);
        }
    }
}

[Agent("sink")]
public sealed class SinkAgent(FlowProbe probe)
{
    [Retry(Max = 2, Backoff = "1s..1s")]
    public Counted? Handle(Tick message, CountState state)
    {
        state.Order += message.Number + ",";
        state.Handled++;
        probe.OnTick?.Invoke(message.Number);
        return message.Number == message.To ? new Counted(state.Order) : null;
    }
}

[Message("alarm.set")]
public sealed partial record SetAlarm(int Minutes);

[Message("alarm.ring")]
public sealed partial record Ring(int Minutes);

[Message("alarm.rang"), EndsThread]
public sealed partial record Rang(int Minutes);

[Agent("alarm"), Sends(typeof(Ring))]
public sealed class AlarmAgent
{
    public ValueTask HandleAsync(SetAlarm message, MessageContext context) => context.ScheduleAsync(
        new Ring(message.Minutes), TimeSpan.FromMinutes(message.Minutes));
}

[Agent("bell")]
public sealed class BellAgent(FlowProbe probe)
{
    public Rang Handle(Ring message)
    {
        probe.OnTick?.Invoke(message.Minutes);
        return new(message.Minutes);
    }
}

/// <summary>What the flow tests see, and where they make a handler fail.</summary>
public sealed class FlowProbe
{
    public Action<int>? OnTick { get; set; }
}
