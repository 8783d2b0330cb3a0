using AgentFlow.Hub.Stores;
using AgentFlow.Storage;

namespace AgentFlow.Hub.Pumps;

/// <summary>Removes in the background what has expired or was trimmed.</summary>
internal sealed class SweepPump : IAsyncDisposable
{
    private readonly IEnvelopeStore _store;
    private readonly HubOptions _options;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _running;

    public SweepPump(IEnvelopeStore store, HubOptions options)
    {
        (_store, _options) = (store, options);
        _running = Task.Run(() => RunAsync(_stop.Token));
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await _running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task RunAsync(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(_options.SweepInterval, _options.TimeProvider);
        while (await timer.WaitForNextTickAsync(cancellationToken).ConfigureAwait(false))
        {
            try
            {
                while ((await _store.SweepAsync(_options.SweepBudget, cancellationToken).ConfigureAwait(false)).HasMore)
                {
                }
            }
            catch (StorageException)
            {
                // What expired is hidden already; removing it can wait for the next round.
                Telemetry.SweepFailures.Add(1);
            }
        }
    }
}
