namespace AgentFlow.Runtime.Tests.Canary;

[Agent("canary-asker"), Sends(typeof(CanaryReminder))]
public sealed class CanaryAsker(Canaries canaries)
{
    public async Task<ReleaseCanary> HandleAsync(StartCanary message, CanaryState state, MessageContext context, CancellationToken cancellationToken)
    {
        _ = message;
        state.Title = canaries.Text("state: text");
        state.Data = canaries.Bytes("state: bytes");
        state.Lines.Add(canaries.Text("state: list"));
        await context.StepAsync(canaries.Text("step: name"), (_, _) => ValueTask.FromResult(canaries.Text("step: text")), cancellationToken);
        await context.StepAsync("bytes", (_, _) => ValueTask.FromResult(canaries.Bytes("step: bytes")), cancellationToken);
        var part = new CanaryPart(canaries.Text("step: payload text"), canaries.Bytes("step: payload bytes"), null);
        await context.StepAsync("payload", (_, _) => ValueTask.FromResult(part), cancellationToken);
        await context.ScheduleAsync(new CanaryReminder(canaries.Text("reminder that fires")), TimeSpan.Zero);
        await context.ScheduleAsync(new CanaryReminder(canaries.Text("reminder that waits")), TimeSpan.FromDays(30));
        return new ReleaseCanary(
            canaries.Text("request: summary"), canaries.Text("request: sensitive"), canaries.Text("request: changed"), canaries.Text("request: before"),
            canaries.Bytes("request: bytes"));
    }
}

[Agent("canary-keeper")]
public sealed class CanaryKeeper(Canaries canaries)
{
    public CanaryReleased Handle(Approved<ReleaseCanary> ok, CanaryState state)
    {
        state.Lines.Add(canaries.Text("keeper's state"));
        return new CanaryReleased(canaries.Text("released"), ok.Evidence.Votes[0].Reason ?? "");
    }

    public CanaryKept Handle(Rejected<ReleaseCanary> no) => new(canaries.Text("kept"), no.Evidence.Votes[0].Reason ?? "");

    public void Handle(CanaryReminder reminder, CanaryState state) => state.Lines.Add(reminder.Text);
}

/// <summary>Fails with what it was given, in a step and outside of it.</summary>
[Agent("canary-eater")]
public sealed class CanaryEater(Canaries canaries)
{
    [Retry(Max = 2, Backoff = "1ms..1ms")]
    public async Task HandleAsync(PoisonCanary message, MessageContext context, CancellationToken cancellationToken)
    {
        if (context.Attempt == 1)
            throw Failure(message, "thrown");
        await context.StepAsync<string>("eat", (_, _) => throw Failure(message, "thrown in a step"), cancellationToken);
    }

    private InvalidOperationException Failure(PoisonCanary message, string name)
    {
        var inner = new FormatException($"{message.Title} {canaries.Text(name + ": inner")}");
        var failure = new InvalidOperationException($"Cannot eat {message.Password} at {canaries.Text(name + ": message")}.", inner);
        failure.Source = canaries.Text(name + ": source");
        failure.Data[canaries.Text(name + ": data key")] = canaries.Text(name + ": data value");
        return failure;
    }
}
