using System.Collections.Frozen;
using System.Diagnostics.CodeAnalysis;
using AgentFlow.Contracts;
using AgentFlow.SourceGeneration;

namespace AgentFlow.Dispatch;

/// <summary>The routing table of one agent: from (contract, major) to its handlers.</summary>
internal sealed class AgentRoutes
{
    private readonly FrozenDictionary<(ContractId, ushort), AgentRoute> _routes;

    private AgentRoutes(Dictionary<(ContractId, ushort), AgentRoute> routes) => _routes = routes.ToFrozenDictionary();

    /// <summary>The table of an agent that handles nothing: a person, or the app itself.</summary>
    public static AgentRoutes None { get; } = new([]);

    public static AgentRoutes Build(AgentDescriptor agent, ContractCatalogue catalogue)
    {
        var routes = new Dictionary<(ContractId, ushort), AgentRoute>();
        foreach (var handler in agent.Handlers)
        {
            var contract = catalogue.Get(handler.Message);
            if (!routes.TryGetValue((contract.Id, contract.Major), out var route))
                routes.Add((contract.Id, contract.Major), route = new AgentRoute(contract));
            route.Add(agent.Name, handler);
        }

        return new AgentRoutes(routes);
    }

    public bool TryFind(ContractEntry contract, [NotNullWhen(true)] out AgentRoute? route) => _routes.TryGetValue((contract.Id, contract.Major), out route);
}
