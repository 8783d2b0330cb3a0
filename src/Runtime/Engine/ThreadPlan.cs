using AgentFlow.Contracts;
using AgentFlow.Protocol.Threads;
using AgentFlow.SourceGeneration;

namespace AgentFlow.Engine;

/// <summary>Who belongs to a thread that begins with a contract, and who approves what in it: everything on the routes from there.</summary>
/// <param name="Agents">The local agents and people, without the app itself.</param>
/// <param name="RemoteNames">Agents of other processes that contracts name.</param>
/// <param name="RemoteApprovers">People of other processes.</param>
/// <param name="Rules">The approval rules.</param>
internal sealed record ThreadPlan(
    IReadOnlyCollection<HostedAgent> Agents, IReadOnlyCollection<string> RemoteNames, IReadOnlyCollection<AgentId> RemoteApprovers, IReadOnlyList<PolicyRule> Rules)
{
    public static ThreadPlan For(ContractEntry start, EngineServices engine)
    {
        var agents = new HashSet<HostedAgent>();
        var remoteNames = new HashSet<string>(StringComparer.Ordinal);
        var seen = new HashSet<ContractEntry> { start };
        var next = new Queue<ContractEntry>([start]);
        while (next.TryDequeue(out var contract))
        {
            if (contract.Descriptor.Route is { } remote)
                remoteNames.Add(remote);
            foreach (var agent in engine.Agents.Values.Where(agent => agent.Routes.TryFind(contract, out _)))
            {
                agents.Add(agent);
                Follow(agent.Descriptor);
            }

            foreach (var agent in engine.Absent.Where(agent => agent.Routes.TryFind(contract, out _)))
            {
                remoteNames.Add(agent.Name);
                Follow(agent.Descriptor);
            }

            void Follow(AgentDescriptor descriptor)
            {
                foreach (var sent in SentBy(descriptor, contract, engine.Catalogue).Where(seen.Add))
                    next.Enqueue(sent);
            }
        }

        if (agents.Count == 0 && remoteNames.Count == 0)
            throw new InvalidOperationException($"No agent handles '{start}'. Add a Handle method to an [Agent], or [Route] the contract (AGF0102).");
        var remoteApprovers = new HashSet<AgentId>();
        var rules = seen.SelectMany(contract => RulesOf(contract, engine, agents, remoteApprovers)).ToList();
        return new ThreadPlan(agents, remoteNames, remoteApprovers, rules);
    }

    private static IEnumerable<ContractEntry> SentBy(AgentDescriptor agent, ContractEntry contract, ContractCatalogue catalogue) =>
        agent.Handlers.Where(
            handler => catalogue.Get(handler.Message) == contract).SelectMany(handler => handler.Sends).Concat(agent.Sends).Select(catalogue.Get);

    private static IEnumerable<PolicyRule> RulesOf(ContractEntry contract, EngineServices engine, HashSet<HostedAgent> agents, HashSet<AgentId> remoteApprovers)
    {
        var tightened = engine.Options.TightenedApprovals.TryGetValue(contract.Descriptor.Name, out var configured) ? configured : new TightenedApproval();
        foreach (var need in contract.Descriptor.Approvals)
        {
            int quorum = tightened.Apply(need.Quorum);
            var roles = engine.Options.People.Where(person => person.Roles.Contains(need.Role)).Select(person => person.Name).ToHashSet(StringComparer.Ordinal);
            var people = engine.Agents.Values.Where(agent => agent.Kind == HostedAgentKind.Person && roles.Contains(agent.Name)).ToList();
            var remote = engine.Options.RemoteApprovers.TryGetValue(need.Role, out var listed) ? listed : [];
            var approvers = people.Select(person => person.Id).Concat(remote).Distinct().Order().ToList();
            if (approvers.Count < quorum)
            {
                throw new InvalidOperationException(
                    $"'{contract}' needs {quorum} of '{need.Role}', and {approvers.Count} have that role. Add people with AddPerson(name, \"{need.Role}\").");
            }

            agents.UnionWith(people);
            remoteApprovers.UnionWith(remote);
            yield return new PolicyRule(
                contract.Id, contract.Major, need.RuleId, (byte)quorum, need.DenyEnds,
                (uint)Math.Clamp(tightened.Apply(need.Lifetime).TotalSeconds, 1, uint.MaxValue), approvers);
        }
    }
}
