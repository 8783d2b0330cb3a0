using AgentFlow.Hub.Callers;
using AgentFlow.Protocol.Hub;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace AgentFlow.Host.Hosting;

/// <summary>Opens the hub before the server listens, and closes it after the server has stopped.</summary>
internal sealed class HubSource(HubOpening opening, IOptions<HubServerOptions> options, IServiceProvider services) : IHostedLifecycleService, IAsyncDisposable
{
    private IHub? _hub;

    public IHub Hub => _hub ?? throw new InvalidOperationException("The hub is not open. It is served between the start and the stop of the host.");

    /// <summary>What the hub knows of callers.</summary>
    public IHubAuthority Authority => Hub as IHubAuthority ?? throw new InvalidOperationException(
        $"A {Hub.GetType().Name} cannot tell what a caller may do. Serve a hub of AgentFlow.Hub, or switch HubServerOptions.RequireLogin off.");

    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        _hub = await opening.Open(services, cancellationToken).ConfigureAwait(false);
        if (options.Value.RequireLogin)
            _ = Authority;
    }

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
