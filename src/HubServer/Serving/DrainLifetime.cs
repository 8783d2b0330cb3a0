using System.Runtime.InteropServices;
using AgentFlow.HubServer.Settings;
using Microsoft.Extensions.Hosting;

namespace AgentFlow.HubServer.Serving;

/// <summary>
/// Ends the process in steps. At the first SIGTERM, SIGINT or SIGQUIT readiness turns red; after the delay streams end with UNAVAILABLE, no connection is
/// accepted any more, and calls under way end within the time-out. A second signal skips the delay.
/// </summary>
internal sealed class DrainLifetime(IHostApplicationLifetime application, HubReadiness readiness, HubSettings settings, TimeProvider clock)
    : IHostLifetime, IDisposable
{
    private readonly List<PosixSignalRegistration> _signals = [];
    private readonly CancellationTokenSource _hurry = new();
    private int _count;

    public Task WaitForStartAsync(CancellationToken cancellationToken)
    {
        foreach (var signal in new[] { PosixSignal.SIGTERM, PosixSignal.SIGINT, PosixSignal.SIGQUIT })
            _signals.Add(PosixSignalRegistration.Create(signal, OnSignal));
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose()
    {
        foreach (var signal in _signals)
            signal.Dispose();
        _hurry.Dispose();
    }

    private void OnSignal(PosixSignalContext context)
    {
        context.Cancel = true;
        if (Interlocked.Increment(ref _count) > 1)
        {
            _hurry.Cancel();
            return;
        }

        readiness.BeginDrain();
        _ = StopAfterDelayAsync();
    }

    private async Task StopAfterDelayAsync()
    {
        await Task.Delay(settings.DrainDelay, clock, _hurry.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        application.StopApplication();
    }
}
