using AgentFlow.Wire.Messages.Health;
using Microsoft.Extensions.Hosting;

namespace AgentFlow.Host.Health;

/// <summary>Whether the hub takes calls: from the start of the host until it begins to stop.</summary>
internal sealed class HubHealth(IHostApplicationLifetime lifetime)
{
    /// <summary>The state now.</summary>
    public HealthCheckResponse.Types.ServingStatus Current => lifetime.ApplicationStopping.IsCancellationRequested
        ? HealthCheckResponse.Types.ServingStatus.NotServing
        : HealthCheckResponse.Types.ServingStatus.Serving;

    /// <summary>Returns when the host begins to stop: the one change that there is.</summary>
    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        var stopping = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var registration = lifetime.ApplicationStopping.Register(() => stopping.TrySetResult());
        await stopping.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
    }
}
