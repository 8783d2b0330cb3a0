using AgentFlow.Wire.Messages.Health;
using Microsoft.Extensions.Hosting;

namespace AgentFlow.Host.Health;

/// <summary>Whether the hub takes calls: from the start of the host until it drains or begins to stop.</summary>
internal sealed class HubHealth : IDisposable
{
    private readonly CancellationTokenSource _leaving;

    public HubHealth(IHostApplicationLifetime lifetime, HubReadiness readiness) =>
        _leaving = CancellationTokenSource.CreateLinkedTokenSource(lifetime.ApplicationStopping, readiness.Draining);

    /// <summary>Whether it takes calls now.</summary>
    public bool IsServing => !_leaving.IsCancellationRequested;

    /// <summary>The state now.</summary>
    public HealthCheckResponse.Types.ServingStatus Current =>
        IsServing ? HealthCheckResponse.Types.ServingStatus.Serving : HealthCheckResponse.Types.ServingStatus.NotServing;

    /// <summary>Returns when the host drains or begins to stop: the one change that there is.</summary>
    public async Task LeavingAsync(CancellationToken cancellationToken)
    {
        var leaving = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var registration = _leaving.Token.Register(() => leaving.TrySetResult());
        await leaving.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    public void Dispose() => _leaving.Dispose();
}
