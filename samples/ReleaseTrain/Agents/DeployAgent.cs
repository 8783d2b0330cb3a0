using AgentFlow;
using ReleaseTrain.Deployment;

namespace ReleaseTrain.Agents;

/// <summary>Switches production to an approved release, checks its health and goes back if it is ill.</summary>
[Agent("deploy")]
public sealed class DeployAgent(Deployer deployer, TimeProvider clock)
{
    public async Task<OneOf<Deployed, Failed>> HandleAsync(Approved<Deploy> approved, MessageContext context, CancellationToken cancellationToken)
    {
        var deploy = approved.Message;
        string before = await context.StepAsync("before", (_, _) => ValueTask.FromResult(deployer.Current), cancellationToken);
        var switched = await context.StepAsync("switch", (key, ct) => deployer.SwitchAsync(deploy, key, ct), cancellationToken);
        if (switched.Release is not { } release)
            return new Failed("deploy", switched.Error ?? "The release could not be made.", []);

        var started = await context.StepAsync("start", (_, ct) => deployer.StartAsync(release, ct), cancellationToken);
        if (started.Url is { } url)
            return new Deployed(deploy.Service, deploy.Version, deploy.Digest, release, url, clock.GetUtcNow());

        await context.StepAsync("roll-back", (_, ct) => deployer.RollBackAsync(release, before, ct), cancellationToken);
        return new Failed("deploy", started.Error ?? "The service is ill.", [$"rolled back to {(before.Length == 0 ? "nothing" : before)}"]);
    }
}
