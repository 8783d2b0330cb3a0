using AgentFlow;
using AgentFlow.Storage;

namespace ReleaseTrain.Deployment;

/// <summary>Switches, starts, checks and rolls back releases. Every method may be repeated under its key.</summary>
public sealed class Deployer(Releases releases, ServiceHost services, HealthCheck health)
{
    /// <summary>The name of the live release, or "".</summary>
    public string Current => releases.Current;

    public async ValueTask<SwitchResult> SwitchAsync(Deploy deploy, StepKey key, CancellationToken cancellationToken)
    {
        if (await releases.PrepareAsync(deploy, key, cancellationToken) is not { } release)
            return new SwitchResult(null, "The artifact is not the one that was approved: its digest differs.");
        releases.GoLive(release);
        return new SwitchResult(release, null);
    }

    public async ValueTask<StartResult> StartAsync(string release, CancellationToken cancellationToken)
    {
        var manifest = releases.ReadManifest(release);
        var service = services.Find(release) ?? services.Start(release, manifest, releases.AppOf(release));
        FailPoint.Hit(FailPoints.ServiceStarted);
        if (await health.WaitAsync(service, cancellationToken) is { } error)
            return new StartResult(null, error);
        FailPoint.Hit(FailPoints.ServiceHealthy);
        await services.StopAllExceptAsync(release);
        return new StartResult(service.Url, null);
    }

    public async ValueTask<string> RollBackAsync(string release, string before, CancellationToken cancellationToken)
    {
        releases.GoBack(release, before);
        await services.StopAsync(release);
        if (before.Length > 0 && services.Find(before) is null)
            await health.WaitAsync(services.Start(before, releases.ReadManifest(before), releases.AppOf(before)), cancellationToken);
        return before;
    }
}
