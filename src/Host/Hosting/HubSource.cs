using AgentFlow.Protocol.Hub;
using Microsoft.Extensions.Hosting;

namespace AgentFlow.Host.Hosting;

/// <summary>Opens the hub before the server listens, and closes it after the server has stopped.</summary>
internal sealed class HubSource(HubOpening opening, IServiceProvider services) : IHostedLifecycleService, IAsyncDisposable
{
    private IHub? _hub;

    public IHub Hub => _hub ?? throw new InvalidOperationException("The hub is not open. It is served between the start and the stop of the host.");

    public async Task StartingAsync(CancellationToken cancellationToken) => _hub = await opening.Open(services, cancellationToken).ConfigureAwait(false);

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task StoppedAsync(CancellationToken cancellationToken) => await DisposeAsync().ConfigureAwait(false);

    public async ValueTask DisposeAsync()
    {
        var hub = Interlocked.Exchange(ref _hub, null);
        if (opening.IsOwned && hub is IAsyncDisposable disposable)
            await disposable.DisposeAsync().ConfigureAwait(false);
    }
}
