namespace AgentFlow.Generators.Graph;

/// <summary>Draws the routes of a composition. It draws what the compiler knows and nothing more: what leaves the composition goes, dashed,
/// elsewhere.</summary>
internal sealed class GraphBuilder
{
    private readonly RouteMap _map;
    private readonly Dictionary<string, GraphNode> _nodes = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<GraphEdge>> _edges = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _gateIds = new(StringComparer.Ordinal);

    private GraphBuilder(RouteMap map) => _map = map;

    public static RouteGraph Build(RouteMap map, IEnumerable<RouteLocation> locations)
    {
        var builder = new GraphBuilder(map);
        builder.AddAgents(locations);
        builder.NameGates();
        foreach (string key in map.Mentioned)
            builder.AddContract(key, map.Find(key));
        return builder.Walk();
    }

    private void AddAgents(IEnumerable<RouteLocation> locations)
    {
        var byType = new Dictionary<string, RouteLocation>(StringComparer.Ordinal);
        foreach (RouteLocation location in locations)
            byType[location.Type] = location;
        foreach (RouteAgent agent in _map.Agents)
        {
            byType.TryGetValue(agent.Type, out RouteLocation? location);
            Node(GraphIds.Agent(agent.Name), "agent", agent.Name, location: location ?? new RouteLocation(agent.Type, "", 0));
        }
    }

    private void NameGates()
    {
        string[] gated = [.. _map.Mentioned.Where(key => _map.Find(key) is { IsGated: true })];
        for (int i = 0; i < gated.Length; i++)
            _gateIds.Add(gated[i], gated.Length == 1 ? "gate" : "gate" + (i + 1).ToString(System.Globalization.CultureInfo.InvariantCulture));
    }

    private void AddContract(string key, RouteContract? contract)
    {
        IReadOnlyCollection<string> senders = _map.SendersOf(key);
        string[] sources = senders.Count == 0 ? [Start()] : [.. senders.Select(GraphIds.Agent)];
        if (contract is { IsGated: true })
        {
            string gate = Node(_gateIds[key], "gate", key, gate: contract);
            foreach (string source in sources)
                Edge(source, gate, key, key);
            AddDecisions(gate, key, contract);
            return;
        }

        foreach (string source in sources)
            AddTargets(source, key, contract, RouteKind.Message, key, senders.Count > 0);
    }

    private void AddDecisions(string gate, string key, RouteContract contract)
    {
        AddTargets(gate, key, contract, RouteKind.Approved, "Approved", mustGoOn: true);
        AddTargets(gate, key, contract: null, RouteKind.Rejected, "rejected", mustGoOn: false);
        AddTargets(gate, key, contract: null, RouteKind.Expired, "expired", mustGoOn: false);
        string open = string.Join(" or ", new[] { RouteKind.Rejected, RouteKind.Expired }
            .Where(kind => !Takers(key, kind).Any())
            .Select(kind => kind == RouteKind.Rejected ? "rejected" : "expired"));
        if (open.Length > 0)
            Edge(gate, Node(GraphIds.Stopped, "end", "stopped"), key, open, isDashed: true);
    }

    private void AddTargets(string source, string key, RouteContract? contract, RouteKind kind, string label, bool mustGoOn)
    {
        bool isDashed = kind is RouteKind.Rejected or RouteKind.Expired;
        bool isTaken = false;
        foreach (RouteTaker taker in _map.TakersOf(key).Where(t => t.Handler.Kind == kind))
        {
            isTaken |= !taker.Handler.IsObserver;
            Edge(source, GraphIds.Agent(taker.Agent.Name), key, taker.Handler.IsObserver ? label + ", observer" : label, isDashed, taker.Handler.IsObserver);
        }

        if (contract is { EndsThread: true })
            Edge(source, Node(GraphIds.End, "end", "end"), key, label, isDashed);
        else if (!isTaken && contract?.Route is { } route)
            Edge(source, Node(GraphIds.External(route), "agent", route, isElsewhere: true), key, label, isDashed: true);
        else if (!isTaken && mustGoOn)
            Edge(source, Node(GraphIds.Elsewhere, "agent", "elsewhere", isElsewhere: true), key, label, isDashed: true);
    }

    private IEnumerable<RouteTaker> Takers(string key, RouteKind kind) => _map.TakersOf(key).Where(t => t.Handler.Kind == kind && !t.Handler.IsObserver);

    private string Start() => Node(GraphIds.Start, "start", "start");

    private string Node(string id, string kind, string label, bool isElsewhere = false, RouteLocation? location = null, RouteContract? gate = null)
    {
        if (!_nodes.ContainsKey(id))
            _nodes.Add(id, new GraphNode(id, kind, label) { IsElsewhere = isElsewhere, Location = location, Gate = gate });
        return id;
    }

    private void Edge(string from, string to, string contract, string label, bool isDashed = false, bool isObserver = false)
    {
        if (!_edges.TryGetValue(from, out List<GraphEdge>? edges))
            _edges.Add(from, edges = []);
        edges.Add(new GraphEdge(from, to, contract, label) { IsDashed = isDashed, IsObserver = isObserver });
    }

    // Breadth first from the start, so that a chain reads from top to bottom; what the start does not reach follows by name.
    private RouteGraph Walk()
    {
        var nodes = new List<GraphNode>();
        var edges = new List<GraphEdge>();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        IEnumerable<string> roots = _nodes.Keys.OrderBy(id => id == GraphIds.Start ? 0 : 1).ThenBy(id => id, StringComparer.Ordinal);
        foreach (string root in roots)
        {
            var queue = new Queue<string>();
            Visit(root);
            while (queue.Count > 0)
            {
                foreach (GraphEdge edge in EdgesOf(queue.Dequeue()))
                {
                    edges.Add(edge);
                    Visit(edge.To);
                }
            }

            void Visit(string id)
            {
                if (!seen.Add(id))
                    return;
                nodes.Add(_nodes[id]);
                queue.Enqueue(id);
            }
        }

        return new RouteGraph(nodes, edges, [.. _map.Mentioned.Select(_map.Find).OfType<RouteContract>()]);
    }

    private IEnumerable<GraphEdge> EdgesOf(string id) => !_edges.TryGetValue(id, out List<GraphEdge>? edges) ? [] : edges
        .OrderBy(e => e.IsDashed)
        .ThenBy(e => e.Contract, StringComparer.Ordinal)
        .ThenBy(e => e.Label, StringComparer.Ordinal)
        .ThenBy(e => e.To, StringComparer.Ordinal);
}
