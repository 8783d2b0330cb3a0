using AgentFlow.Generators.Agents;
using AgentFlow.Generators.Graph;
using AgentFlow.Generators.Shared;
using Microsoft.CodeAnalysis;

namespace AgentFlow.Generators.Modules;

/// <summary>The rules across types. Each reports in the source of this project where it can, else without a place: the message names everything.</summary>
internal sealed class RouteRules(RouteMap map, Composition composition, Action<Diagnostic> report)
{
    private readonly Dictionary<string, ParsedAgent> _local = composition.Agents.ToDictionary(a => a.Model.MetadataName, StringComparer.Ordinal);

    /// <summary>AGF0201.</summary>
    public void CheckNames()
    {
        foreach (IGrouping<string, RouteAgent> same in map.Agents.GroupBy(a => a.Name, StringComparer.Ordinal).Where(g => g.Count() > 1))
        {
            RouteAgent[] agents = [.. same.OrderBy(a => _local.ContainsKey(a.Type))];
            RouteAgent last = agents[agents.Length - 1];
            Report(AgentDiagnostics.AgentNameUsedTwice, AgentLocation(last), agents[0].Type, last.Type, same.Key);
        }
    }

    /// <summary>AGF0103.</summary>
    public void CheckRivals()
    {
        foreach (string contract in map.Mentioned)
        {
            foreach (IGrouping<RouteKind, RouteTaker> group in map.TakersOf(contract).Where(t => !t.Handler.IsObserver).GroupBy(t => t.Handler.Kind))
            {
                RouteTaker[] takers = [.. group.GroupBy(t => t.Agent.Type).Select(g => g.First()).OrderBy(t => _local.ContainsKey(t.Agent.Type))];
                for (int i = 1; i < takers.Length; i++)
                {
                    Report(AgentDiagnostics.TwoHandle, HandlerLocation(takers[i]), takers[0].Agent.Name, takers[i].Agent.Name,
                        group.Key == RouteKind.Message ? "contract" : $"the {group.Key.ToString().ToLowerInvariant()} contract", contract);
                }
            }
        }
    }

    /// <summary>AGF0106.</summary>
    public void CheckCycles()
    {
        foreach (IReadOnlyList<string> cycle in RouteCycles.Find(map))
        {
            Location? place = map.TakersOf(cycle[0]).Select(HandlerLocation).FirstOrDefault(l => l is not null);
            Report(AgentDiagnostics.Cycle, place, string.Join(" → ", cycle));
        }
    }

    /// <summary>AGF0102.</summary>
    public void CheckRoutes()
    {
        foreach (string contract in map.Mentioned.Where(c => map.SendersOf(c).Count > 0 && !map.IsRouted(c)))
        {
            string senders = string.Join(" and ", map.SendersOf(contract).Select(s => $"'{s}'"));
            Report(AgentDiagnostics.NobodyHandles, SendLocation(contract), contract, $"agent {senders} sends",
                Missing(contract, map.Find(contract)?.Type, map.Find(contract)?.IsGated == true));
        }

        foreach (var start in composition.Starts.Where(s => !map.IsRouted(s.Contract) && map.SendersOf(s.Contract).Count == 0))
            Report(AgentDiagnostics.NobodyHandles, start.Location, start.Contract, "starts a thread", Missing(start.Contract, start.Type, start.IsGated));
    }

    /// <summary>AGF0104.</summary>
    public void CheckDecisions()
    {
        foreach (RouteContract contract in map.Mentioned.Select(map.Find).OfType<RouteContract>().Where(c => c is { IsGated: true, MustHandle: true }))
        {
            foreach (RouteKind kind in new[] { RouteKind.Rejected, RouteKind.Expired })
            {
                if (map.TakersOf(contract.Key).Any(t => t.Handler.Kind == kind && !t.Handler.IsObserver))
                    continue;
                Location? place = composition.Contracts.Where(c => c.Contract.Key == contract.Key).Select(c => c.Type.FirstLocation()).FirstOrDefault()
                    ?? map.TakersOf(contract.Key).Select(HandlerLocation).FirstOrDefault(l => l is not null);
                Report(AgentDiagnostics.MustHandle, place, contract.Key, $"{kind}<{contract.Type}>");
            }
        }
    }

    private static string Missing(string contract, string? type, bool isGated)
    {
        type ??= contract;
        return isGated ? $"Handle(Approved<{type}> message)" : $"Handle({type} message)";
    }

    private Location? SendLocation(string contract)
    {
        foreach (ParsedAgent agent in composition.Agents)
        {
            if (agent.Handlers.FirstOrDefault(h => h.Model.Sends.Any(s => s.Key == contract)) is { } handler)
                return InSource(handler.Method, agent.Type);
            if (agent.Model.Sends.Any(s => s.Key == contract))
                return agent.Type.FirstLocation();
        }

        return null;
    }

    private Location? AgentLocation(RouteAgent agent) => _local.TryGetValue(agent.Type, out ParsedAgent? parsed) ? parsed.Type.FirstLocation() : null;

    private Location? HandlerLocation(RouteTaker taker)
    {
        if (!_local.TryGetValue(taker.Agent.Type, out ParsedAgent? agent))
            return null;
        ParsedHandler? handler = agent.Handlers.FirstOrDefault(h => h.Model.Contract.Key == taker.Handler.Contract && h.Model.Kind == taker.Handler.Kind);
        return handler is null ? agent.Type.FirstLocation() : InSource(handler.Method, agent.Type);
    }

    private static Location InSource(IMethodSymbol method, INamedTypeSymbol agent) =>
        method.Locations.FirstOrDefault(l => l.IsInSource) ?? agent.FirstLocation();

    private void Report(DiagnosticDescriptor rule, Location? location, params object?[] arguments) =>
        report(Diagnostic.Create(rule, location ?? Location.None, arguments));
}
