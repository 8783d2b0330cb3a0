namespace AgentFlow.Runtime.Tests.Train;

[Agent("qa")]
public sealed class QaAgent(TrainProbe probe)
{
    public OneOf<Tested, TestsFailed> Handle(Built message, MessageContext context)
    {
        probe.Note("qa", context.Attempt);
        return message.Version == "broken" ? new TestsFailed(message.Service) : new Tested(message.Service, message.Version, 412);
    }
}

[Agent("security")]
public sealed class SecurityAgent(TrainProbe probe)
{
    public Deploy Handle(Tested message, MessageContext context)
    {
        probe.Note("security", context.Attempt);
        return new(message.Service, message.Version, Live: "1.8.2", Risk.Medium);
    }
}

[Agent("deploy")]
public sealed class DeployAgent(TrainProbe probe)
{
    [Retry(Max = 3, Backoff = "1s..4s")]
    public async Task<Deployed> HandleAsync(Approved<Deploy> ok, MessageContext context, CancellationToken cancellationToken)
    {
        string key = await context.StepAsync("switch", (step, _) => ValueTask.FromResult(probe.Deploy(step, ok.Message.Version)), cancellationToken);
        probe.Note("deploy", context.Attempt);
        return new(ok.Message.Service, ok.Message.Version, key);
    }
}
