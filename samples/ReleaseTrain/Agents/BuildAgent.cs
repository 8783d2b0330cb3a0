using AgentFlow;
using ReleaseTrain.Building;

namespace ReleaseTrain.Agents;

/// <summary>Publishes the service of a repository, exactly as committed.</summary>
[Agent("build")]
public sealed class BuildAgent(Publisher publisher)
{
    public async Task<OneOf<Built, Failed>> HandleAsync(Requested request, MessageContext context, CancellationToken cancellationToken)
    {
        var result = await context.StepAsync("publish", (key, ct) => publisher.PublishAsync(request.Repository, key, ct), cancellationToken);
        return result.Built is { } built ? built : new Failed("build", result.Error ?? "The build failed.", result.Details);
    }
}
