using AgentFlow.Contracts;
using AgentFlow.Diagnostics;
using AgentFlow.Dispatch;
using AgentFlow.Engine;
using AgentFlow.FrontDoor;
using AgentFlow.Keys;
using AgentFlow.Peers;
using AgentFlow.Protocol.Hub;
using AgentFlow.Storage;
using AgentFlow.Store;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace AgentFlow.Hosting;

/// <summary>Starts and stops the runtime with the host.</summary>
internal sealed class RuntimeHost(RuntimeSetup setup, IOptions<AgentFlowOptions> options, TimeProvider clock, IServiceProvider services, ILoggerFactory loggers)
    : IHostedService, IRunningFlow, IAsyncDisposable
{
    private readonly ILogger _logger = loggers.CreateLogger("AgentFlow.Runtime");
    private readonly CancellationTokenSource _stopping = new();
    private readonly List<HostedAgent> _agents = [];
    private readonly List<AbsentAgent> _absent = [];
    private readonly List<Task> _loops = [];
    private IHub? _hub;
    private IAgentStore? _store;
    private RunningFlow? _running;

    public RunningFlow Running => _running
        ?? throw new InvalidOperationException("The runtime is not running. Call it after the host has started (IHost.StartAsync) and before it stops.");

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var opened = options.Value;
        var open = setup.Hub ?? throw new InvalidOperationException("No hub is configured. Call UseHub(...) on what AddAgentFlow() returns.");
        _hub = await open(services, cancellationToken).ConfigureAwait(false);
        _store = setup.Store is { } custom
            ? await custom(services, cancellationToken).ConfigureAwait(false)
            : await StoreOpening.OpenAsync(setup.ContentRoot, opened, clock, cancellationToken).ConfigureAwait(false);
        var catalogue = ContractCatalogue.Build(setup.Modules.SelectMany(module => module.Messages));
        RefuseUnknown(opened.TightenedApprovals.Keys, catalogue);
        await LoadAgentsAsync(catalogue, opened, cancellationToken).ConfigureAwait(false);
        var app = _agents.Single(agent => agent.Kind == HostedAgentKind.App);
        await StartKeys.EnsureAsync(_store, app.Id, clock.GetUtcNow(), cancellationToken).ConfigureAwait(false);

        var engine = await MakeEngineAsync(catalogue, opened, cancellationToken).ConfigureAwait(false);
        var parts = new EngineParts(engine);
        engine.Connect(parts);
        _running = new RunningFlow(engine, parts, new ThreadStarter(engine, parts, app), new Voter(engine, parts.Sealer), app);
        await Resumption.ResumeAsync(engine, cancellationToken).ConfigureAwait(false);
        _loops.Add(Task.Run(() => engine.Timers.RunAsync(_stopping.Token), CancellationToken.None));
        _loops.Add(Task.Run(() => engine.Acknowledger.RunAsync(_stopping.Token), CancellationToken.None));
        if (engine.Leases.IsShared)
            _loops.Add(Task.Run(() => engine.Leases.RunAsync(_stopping.Token), CancellationToken.None));
        var renewer = new PrekeyRenewer(engine, engine.KeyRing);
        _loops.Add(Task.Run(() => renewer.RunAsync(_stopping.Token), CancellationToken.None));
        _loops.AddRange(_agents.Select(agent => Task.Run(() => new InboxReader(engine, agent).RunAsync(_stopping.Token), CancellationToken.None)));
        Log.Started(_logger, _agents.Count(agent => agent.Kind == HostedAgentKind.Agent), _agents.Count(agent => agent.Kind == HostedAgentKind.Person));
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stopping.CancelAsync().ConfigureAwait(false);
        if (_running is { } running)
        {
            await running.Engine.Processors.CloseAsync().WaitAsync(cancellationToken).ConfigureAwait(false);
            await running.Engine.Outbox.CloseAsync().WaitAsync(cancellationToken).ConfigureAwait(false);
        }

        await Task.WhenAll(_loops).WaitAsync(cancellationToken).ConfigureAwait(false);
        await GiveLeasesBackAsync().ConfigureAwait(false);
        _running = null;
        Log.Stopped(_logger);
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync().ConfigureAwait(false);
        foreach (var agent in _agents)
            agent.Dispose();
        _agents.Clear();
        if (_store is not null)
            await _store.DisposeAsync().ConfigureAwait(false);
        if (setup.OwnsHub && _hub is IAsyncDisposable hub)
            await hub.DisposeAsync().ConfigureAwait(false);
        (_store, _hub) = (null, null);
    }

    private async ValueTask GiveLeasesBackAsync()
    {
        try
        {
            if (_running is { } running)
                await running.Engine.Leases.CloseAsync().ConfigureAwait(false);
        }
        catch (StorageException exception)
        {
            // They run out.
            Log.LeasesFailed(_logger, exception.GetType().Name);
        }
    }

    // A misspelled name would leave the policy as loose as it was.
    private static void RefuseUnknown(IEnumerable<string> tightened, ContractCatalogue catalogue)
    {
        var gated = catalogue.Entries.Where(entry => entry.Descriptor.IsGated).Select(entry => entry.Descriptor.Name).ToHashSet(StringComparer.Ordinal);
        if (tightened.FirstOrDefault(name => !gated.Contains(name)) is { } unknown)
        {
            throw new InvalidOperationException(
                $"TightenApproval(\"{unknown}\") names no gated contract of this app. Gated are: {string.Join(", ", gated.Order(StringComparer.Ordinal))}.");
        }
    }

    // Agents that other processes host count too: the name is theirs at the hub.
    private static void RefuseTwice(IEnumerable<string> names)
    {
        if (names.GroupBy(name => name, StringComparer.Ordinal).FirstOrDefault(group => group.Count() > 1) is { } twice)
            throw new InvalidOperationException(
                $"The name '{twice.Key}' is used by two agents of this app. Give each agent, each person and the app a name of its own (AGF0201).");
    }

    private async ValueTask LoadAgentsAsync(ContractCatalogue catalogue, AgentFlowOptions opened, CancellationToken cancellationToken)
    {
        var ring = new AgentKeyRing(_store!, clock);
        async ValueTask LoadAsync(string name, HostedAgentKind kind, SourceGeneration.AgentDescriptor? descriptor)
        {
            var keys = await ring.LoadOrCreateAsync(name, kind == HostedAgentKind.Person, cancellationToken).ConfigureAwait(false);
            var routes = descriptor is null ? AgentRoutes.None : AgentRoutes.Build(descriptor, catalogue);
            _agents.Add(new HostedAgent(name, kind, keys, _hub!, descriptor, routes, services));
        }

        var descriptors = setup.Modules.SelectMany(module => module.Agents).ToList();
        RefuseTwice([opened.AppName, .. descriptors.Select(descriptor => descriptor.Name), .. opened.People.Select(person => person.Name)]);
        if (opened.HostedAgents?.FirstOrDefault(name => descriptors.TrueForAll(descriptor => descriptor.Name != name)) is { } unknown)
            throw new InvalidOperationException(
                $"AgentFlowOptions.HostedAgents names '{unknown}', and this app has no such agent. It has: {string.Join(", ", descriptors.Select(descriptor => descriptor.Name))}.");
        await LoadAsync(opened.AppName, HostedAgentKind.App, null).ConfigureAwait(false);
        foreach (var descriptor in descriptors)
        {
            if (opened.HostedAgents?.Contains(descriptor.Name) ?? true)
                await LoadAsync(descriptor.Name, HostedAgentKind.Agent, descriptor).ConfigureAwait(false);
            else
                _absent.Add(new AbsentAgent(descriptor, AgentRoutes.Build(descriptor, catalogue)));
        }

        foreach (var person in opened.People)
            await LoadAsync(person.Name, HostedAgentKind.Person, null).ConfigureAwait(false);
    }

    private async ValueTask<EngineServices> MakeEngineAsync(ContractCatalogue catalogue, AgentFlowOptions opened, CancellationToken cancellationToken)
    {
        var peers = new PeerDirectory(_store!, _agents.Single(agent => agent.Kind == HostedAgentKind.App).Hub);
        await peers.LoadAsync(cancellationToken).ConfigureAwait(false);
        foreach (var agent in _agents)
        {
            peers.AddOwn(agent.Keys.Log);
            var status = await _hub!.RegisterAgentAsync(agent.Keys.Registration, cancellationToken).ConfigureAwait(false);
            if (status != HubStatus.Ok)
                throw new HubException(status, $"The hub did not register the agent '{agent.Name}'. Where it holds another agent of this name, bring back the agents' store or use another name.");
        }

        return new EngineServices
        {
            Hub = _hub!,
            Store = _store!,
            Clock = clock,
            Options = opened,
            Catalogue = catalogue,
            StepResults = new StepResultCodec(catalogue, setup.Modules),
            Peers = peers,
            KeyRing = new AgentKeyRing(_store!, clock),
            Agents = _agents.ToDictionary(agent => agent.Id),
            Absent = _absent,
            Services = services,
            Logger = _logger,
            Stopping = _stopping.Token,
            Handlers = new SemaphoreSlim(opened.ConcurrentHandlers),
        };
    }
}
