namespace AgentFlow.PostgreSql.Tests.Shared;

[Message("chain.begin")]
public sealed partial record Begin(int Run);

/// <param name="Run">The number of the run.</param>
/// <param name="Mark">What the step of its sender gave: another each time that the step runs.</param>
[Message("chain.one")]
public sealed partial record One(int Run, string Mark);

[Message("chain.two")]
public sealed partial record Two(int Run, string Mark);

[Message("chain.done"), EndsThread]
public sealed partial record Done(int Run, string Mark);

[ThreadState("chain")]
public sealed partial class ChainState
{
    public int Handled { get; set; }

    public string Mark { get; set; } = "";
}

[Agent("first")]
public sealed class FirstAgent(Effects effects)
{
    public async ValueTask<One> HandleAsync(Begin message, ChainState state, MessageContext context, CancellationToken cancellationToken) =>
        new(message.Run, await effects.RunAsync("first", message.Run, state, context, cancellationToken));
}

[Agent("second")]
public sealed class SecondAgent(Effects effects)
{
    public async ValueTask<Two> HandleAsync(One message, ChainState state, MessageContext context, CancellationToken cancellationToken) =>
        new(message.Run, await effects.RunAsync("second", message.Run, state, context, cancellationToken));
}

[Agent("third")]
public sealed class ThirdAgent(Effects effects)
{
    public async ValueTask<Done> HandleAsync(Two message, ChainState state, MessageContext context, CancellationToken cancellationToken) =>
        new(message.Run, await effects.RunAsync("third", message.Run, state, context, cancellationToken));
}

[Message("ask.begin")]
public sealed partial record Ask(string What);

[Message("ask.permit"), RequiresApproval("owners", Quorum = 1, ExpiresAfter = "2h")]
[Summary("Do {What}")]
public sealed partial record Permit(string What);

[Message("ask.did"), EndsThread]
public sealed partial record Did(string What);

[Agent("asker")]
public sealed class AskerAgent
{
    public Permit Handle(Ask message) => new(message.What);
}

[Agent("doer")]
public sealed class DoerAgent(Effects effects)
{
    public async ValueTask<Did> HandleAsync(Approved<Permit> permit, MessageContext context, CancellationToken cancellationToken)
    {
        await context.StepAsync("do", (key, _) => effects.AddAsync($"doer {permit.Message.What} {key}"), cancellationToken);
        return new(permit.Message.What);
    }
}

[Message("later.begin")]
public sealed partial record Later(int Run);

[Message("later.now")]
public sealed partial record Now(int Run);

[Message("later.was"), EndsThread]
public sealed partial record WasLate(int Run);

[Agent("scheduler"), Sends(typeof(Now))]
public sealed class SchedulerAgent
{
    public ValueTask HandleAsync(Later message, MessageContext context) => context.ScheduleAsync(new Now(message.Run), TimeSpan.FromSeconds(1));
}

[Agent("alarm")]
public sealed class AlarmAgent(Effects effects)
{
    public async ValueTask<WasLate> HandleAsync(Now message)
    {
        await effects.AddAsync($"alarm {message.Run}");
        return new(message.Run);
    }
}
