using AgentFlow.Contracts;
using AgentFlow.Dispatch;
using AgentFlow.Peers;
using AgentFlow.Protocol.Hub;
using AgentFlow.Store;
using Microsoft.Extensions.Logging;

namespace AgentFlow.Engine;

/// <summary>What every part of the engine works with. Made once, when the runtime starts.</summary>
internal sealed class EngineServices
{
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

    public ThreadSignals Signals { get; } = new();

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
        Processors = new ProcessorCache(Options.IdleThreadsInMemory, key => new ThreadProcessor(this, parts, key));
        Timers = new TimerService(Store, Clock, (key, item) => Processors.Post(key, item), Logger);
        Acknowledger = new Acknowledger(HubOf);
        Outbox = new OutboxPump(HubOf, Store, Clock, Options, NameOf, RefuseSend, Logger, Stopping);
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
