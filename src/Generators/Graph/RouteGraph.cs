namespace AgentFlow.Generators.Graph;

/// <summary>The picture of the routes: what the JSON and the Mermaid text are two writings of. Nodes and edges stand in the order of a walk from the
/// start.</summary>
internal sealed class RouteGraph(IReadOnlyList<GraphNode> nodes, IReadOnlyList<GraphEdge> edges, IReadOnlyList<RouteContract> contracts)
{
    public IReadOnlyList<GraphNode> Nodes { get; } = nodes;

    public IReadOnlyList<GraphEdge> Edges { get; } = edges;

    public IReadOnlyList<RouteContract> Contracts { get; } = contracts;
}

/// <summary>A node.</summary>
internal sealed class GraphNode(string id, string kind, string label)
{
    /// <summary>Unique in the graph and legal in Mermaid.</summary>
    public string Id { get; } = id;

    /// <summary><c>agent</c>, <c>gate</c>, <c>start</c> or <c>end</c>.</summary>
    public string Kind { get; } = kind;

    public string Label { get; } = label;

    /// <summary>Whether it is an agent that the compiler does not see.</summary>
    public bool IsElsewhere { get; init; }

    public RouteLocation? Location { get; init; }

    /// <summary>The contract that a gate guards.</summary>
    public RouteContract? Gate { get; init; }
}

/// <summary>An edge. <see cref="Order"/> ranks the edges of one node: what goes on first, what ends last.</summary>
internal sealed class GraphEdge(string from, string to, string contract, string label)
{
    public string From { get; } = from;

    public string To { get; } = to;

    /// <summary>The contract, <c>name@version</c>.</summary>
    public string Contract { get; } = contract;

    /// <summary>What stands on the edge.</summary>
    public string Label { get; } = label;

    /// <summary>Dashed: a rejection, an expiry, a <c>[Route]</c> or a target that the compiler does not see.</summary>
    public bool IsDashed { get; init; }

    public bool IsObserver { get; init; }
}
