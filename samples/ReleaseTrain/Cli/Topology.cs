using AgentFlow;
using AgentFlow.Hub;

namespace ReleaseTrain.Cli;

/// <summary>Which part of the train a process is, and where its hub is.</summary>
public sealed record Topology
{
    /// <summary>Everything in one process: all agents, the people, and the hub on SQLite.</summary>
    public static Topology OneProcess { get; } = new();

    /// <summary>The name of the agent that starts threads for the process.</summary>
    public string AppName { get; init; } = "app";

    /// <summary>The agents of the process, or null for all.</summary>
    public ISet<string>? HostedAgents { get; init; }

    /// <summary>Whether the people who decide are here.</summary>
    public bool HasPeople { get; init; } = true;

    /// <summary>Whose threads the process joins, beside its own.</summary>
    public IReadOnlyList<AgentId> AcceptThreadsFrom { get; init; } = [];

    /// <summary>Says which hub to use.</summary>
    public Func<AgentFlowBuilder, AgentFlowBuilder> Connect { get; init; } = static flow => flow.UseHub(SqliteHub.OpenAsync);
}
