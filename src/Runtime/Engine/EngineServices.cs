using AgentFlow.Contracts;
using AgentFlow.Dispatch;
using AgentFlow.Keys;
using AgentFlow.Peers;
using AgentFlow.Protocol.Hub;
using AgentFlow.Store;
using Microsoft.Extensions.Logging;

namespace AgentFlow.Engine;

/// <summary>What every part of the engine works with. Made once, when the runtime starts.</summary>
internal sealed class EngineServices
{
    private static readonly TimeSpan s_longestTimerWait = TimeSpan.FromHours(1);
    private static readonly TimeSpan s_lookAgain = TimeSpan.FromMilliseconds(500);

    /// <summary>The hub, for registrations: whatever else an agent does, it does with <see cref="HubOf"/>.</summary>
    public required IHub Hub { get; init; }

    public required IAgentStore Store { get; init; }

    public required TimeProvider Clock { get; init; }

    public required AgentFlowOptions Options { get; init; }

    public required ContractCatalogue Catalogue { get; init; }

    public required StepResultCodec StepResults { get; init; }

    public required PeerDirectory Peers { get; init; }

    public required IReadOnlyDictionary<AgentId, HostedAgent> Agents { get; init; }

    /// <summary>Agents of this app that live in other processes.</summary>
    public IReadOnlyList<AbsentAgent> Absent { get; init; } = [];

    public required IServiceProvider Services { get; init; }

    public required ILogger Logger { get; init; }

    public required CancellationToken Stopping { get; init; }

    public required SemaphoreSlim Handlers { get; init; }

    public required AgentKeyRing KeyRing { get; init; }

    public ThreadSignals Signals { get; private set; } = null!;

    public LeaseKeeper Leases { get; private set; } = null!;

    public VoteWaiters Votes { get; } = new();

    public OutboxPump Outbox { get; set; } = null!;

    public TimerService Timers { get; set; } = null!;

    public Acknowledger Acknowledger { get; set; } = null!;

    public ProcessorCache Processors { get; set; } = null!;

    public DateTimeOffset Now => DateTimeOffset.FromUnixTimeMilliseconds(Clock.GetUtcNow().ToUnixTimeMilliseconds());

    /// <summary>The hub as a local agent uses it.</summary>
    public IHub HubOf(AgentId agent) => Agents.TryGetValue(agent, out var local) ? local.Hub : Hub;

    public string NameOf(AgentId agent) => Agents.TryGetValue(agent, out var local) ? local.Name : Peers.NameOf(agent);

    public string ContractName(ContractId contract, ushort major) =>
        Catalogue.TryFind(contract, major, out var entry) ? entry.ToString() : $"{contract}@{major}";

    /// <summary>Makes what works on threads, and what drives it.</summary>
    public void Connect(EngineParts parts)
    {
        Leases = new LeaseKeeper(
            Store.Leases, Clock, Options.LeaseDuration, [.. Agents.Keys], key => Outbox.IsSending(key), key => Processors.Post(key, WorkItem.Wake.Instance),
            Logger);
        Signals = new ThreadSignals(Clock, Leases.IsShared ? s_lookAgain : null);
        Processors = new ProcessorCache(Options.IdleThreadsInMemory, key => new ThreadProcessor(this, parts, key));

        // Of timers that another process adds this one only learns by looking; and it may know agents that this one does not.
        var longestWait = Leases.IsShared ? Options.LeaseDuration : s_longestTimerWait;
        Timers = new TimerService(Store, Clock, longestWait, (key, item) => Agents.ContainsKey(key.Agent) && Processors.Post(key, item), Logger);
        Acknowledger = new Acknowledger(HubOf);
        Outbox = new OutboxPump(HubOf, Store, Leases, Clock, Options, NameOf, RefuseSend, Logger, Stopping);
    }

    // The hub refused bytes of this agent for good: somebody must look, and nothing later of it can stand in this thread.
    private void RefuseSend(ThreadKey key, OutboxRow row, HubStatus status) => Processors.Post(
        key,
        new WorkItem.Call(
            async (processor, _) =>
            {
                if (await processor.LoadAsync().ConfigureAwait(false) is not { } session)
                    return;
                session.SetOutcome(ThreadOutcome.Parked, $"the hub refused an envelope: {status}");
                await session.CommitAsync().ConfigureAwait(false);
            },
            new TaskCompletionSource(),
            CancellationToken.None));
}
