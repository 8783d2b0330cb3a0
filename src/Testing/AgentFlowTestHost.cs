using AgentFlow.Hosting;
using AgentFlow.Hub;
using AgentFlow.Hub.Memory;
using AgentFlow.Protocol.Hub;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;

namespace AgentFlow.Testing;

/// <summary>
/// An app with its agents in a test: the real runtime on an in-memory hub, with a clock that the test moves. Everything is really sealed, signed and stored;
/// an <see cref="Approved{T}"/> comes only out of a thread in which people really signed.
/// </summary>
/// <remarks>Not thread-safe. Dispose it: it deletes its folder.</remarks>
/// <example><code>
/// await using var host = await AgentFlowTestHost.StartAsync(builder => builder.AddAgentFlow(o => o.AddPerson("ada", "release-managers")));
/// var thread = await host.Flow.StartThreadAsync(new Built("shop", "1.9.0", "4f2c1e"));
/// var card = await host.WaitForApprovalAsync(thread);
/// await host.Person("ada").ApproveAsync(card);
/// var end = await host.Flow.WaitForOutcomeAsync(thread);
/// </code></example>
public sealed class AgentFlowTestHost : IAsyncDisposable
{
    private readonly Action<IHostApplicationBuilder> _configure;
    private readonly string _folder = System.IO.Directory.CreateTempSubdirectory("agentflow-test-").FullName;
    private readonly InProcessHub _ownHub;
    private IHost? _host;

    private AgentFlowTestHost(Action<IHostApplicationBuilder> configure, InProcessHub hub, ManualTimeProvider clock, Func<IHub, IHub>? wrapHub)
    {
        (_configure, _ownHub, Clock) = (configure, hub, clock);
        Hub = wrapHub?.Invoke(hub) ?? hub;
    }

    /// <summary>The clock of runtime, store and hub.</summary>
    public ManualTimeProvider Clock { get; }

    /// <summary>The hub, which outlives restarts.</summary>
    public IHub Hub { get; }

    /// <summary>The front door.</summary>
    public IAgentFlow Flow => Services.GetRequiredService<IAgentFlow>();

    /// <summary>The services of the running host.</summary>
    public IServiceProvider Services => _host?.Services ?? throw new InvalidOperationException("The host is stopped. Call RestartAsync() first.");

    /// <summary>The folder of stores and keys.</summary>
    public string Directory => Path.Combine(_folder, "app");

    /// <summary>Starts an app.</summary>
    /// <param name="configure">Calls the generated <c>AddAgentFlow()</c> and adds services, as the app's program does.</param>
    /// <param name="cancellationToken">Cancels the start.</param>
    public static Task<AgentFlowTestHost> StartAsync(Action<IHostApplicationBuilder> configure, CancellationToken cancellationToken = default) =>
        StartAsync(configure, null, cancellationToken);

    /// <summary>Starts an app whose hub a test wraps, for instance to fail or to count.</summary>
    /// <param name="configure">Calls the generated <c>AddAgentFlow()</c> and adds services, as the app's program does.</param>
    /// <param name="wrapHub">Wraps the in-memory hub, or null.</param>
    /// <param name="cancellationToken">Cancels the start.</param>
    public static async Task<AgentFlowTestHost> StartAsync(
        Action<IHostApplicationBuilder> configure, Func<IHub, IHub>? wrapHub, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(configure);
        var clock = new ManualTimeProvider();
        var hub = await InProcessHub.StartAsync(
            new MemoryEnvelopeStore(clock), new HubOptions { TimeProvider = clock, TrustOwnProcess = true }, cancellationToken).ConfigureAwait(false);
        var host = new AgentFlowTestHost(configure, hub, clock, wrapHub);
        await host.RestartAsync(cancellationToken).ConfigureAwait(false);
        return host;
    }

    /// <summary>Stops the app if it runs, and starts it again on the same stores and the same hub, as after a crash or a deployment.</summary>
    public async Task RestartAsync(CancellationToken cancellationToken = default)
    {
        await StopAsync(cancellationToken).ConfigureAwait(false);
        var builder = new HostApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true, ContentRootPath = _folder });
        builder.Services.AddSingleton<TimeProvider>(Clock);
        _configure(builder);
        builder.Services.Configure<AgentFlowOptions>(options =>
        {
            options.Directory = Directory;
            options.MachineKeyPath = Path.Combine(_folder, "machine.key");
        });
        if (builder.Services.LastOrDefault(service => service.ServiceType == typeof(RuntimeSetup))?.ImplementationInstance is not RuntimeSetup setup)
            throw new InvalidOperationException("The configuration did not add AgentFlow. Call builder.AddAgentFlow() in it.");
        (setup.OwnsHub, setup.Hub) = (false, (_, _) => ValueTask.FromResult(Hub));
        _host = builder.Build();
        await _host.StartAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Stops the app. The hub, the stores and the clock stay.</summary>
    public async Task StopAsync(CancellationToken cancellationToken = default)
    {
        if (_host is not { } host)
            return;
        _host = null;
        await host.StopAsync(cancellationToken).ConfigureAwait(false);
        await ((IAsyncDisposable)host).DisposeAsync().ConfigureAwait(false);
    }

    /// <summary>A person of the app, to decide with.</summary>
    public TestPerson Person(string name) => new(this, name);

    /// <summary>Waits until a thread asks people, and returns what it asks.</summary>
    /// <exception cref="InvalidOperationException">The thread ended or was parked without asking.</exception>
    public async Task<ApprovalCard> WaitForApprovalAsync(ThreadId thread, CancellationToken cancellationToken = default)
    {
        var info = await Flow.WaitForAsync(thread, static info => info.PendingApprovals.Count > 0, cancellationToken).ConfigureAwait(false);
        return info.PendingApprovals.Count > 0 && await Flow.Approvals.GetAsync(info.PendingApprovals[0], cancellationToken).ConfigureAwait(false) is { } card
            ? card
            : throw new InvalidOperationException($"The thread asked nobody: it is {info.Outcome} ({info.Reason ?? "no reason"}).");
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await StopAsync(CancellationToken.None).ConfigureAwait(false);
        await _ownHub.DisposeAsync().ConfigureAwait(false);
        System.IO.Directory.Delete(_folder, recursive: true);
    }
}
