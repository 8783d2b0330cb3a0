using System.Globalization;
using System.Text;

namespace AgentFlow.Generators.Graph;

/// <summary>Writes a graph as JSON: fixed order, one node, edge or contract on a line, LF.</summary>
internal static class GraphJson
{
    /// <summary>The version of the format.</summary>
    public const int Version = 1;

    public static string Write(RouteGraph graph, string assembly)
    {
        string nodes = Array(graph.Nodes.Select(Node));
        string edges = Array(graph.Edges.Select(Edge));
        string contracts = Array(graph.Contracts.Select(Contract));
        string body = $"\"nodes\":{nodes},\n\"edges\":{edges},\n\"contracts\":{contracts}";
        return $"{{\"v\":{Number(Version)},\"assembly\":{Text(assembly)},\"buildId\":\"{BuildId(assembly, body)}\",\n{body}}}\n";
    }

    private static string Node(GraphNode node)
    {
        var json = new StringBuilder($"{{\"id\":{Text(node.Id)},\"kind\":{Text(node.Kind)},\"label\":{Text(node.Label)}");
        if (node.Location is { } location)
        {
            json.Append($",\"type\":{Text(location.Type)}");
            if (location.Line > 0)
                json.Append($",\"file\":{Text(location.File)},\"line\":{Number(location.Line)}");
        }

        if (node.IsElsewhere)
            json.Append(",\"elsewhere\":true");
        if (node.Gate is { } gate)
            json.Append($",\"contract\":{Text(gate.Key)},\"gates\":[{string.Join(",", gate.Gates.Select(Gate))}]");
        return json.Append('}').ToString();
    }

    private static string Gate(RouteGate gate) => $"{{\"role\":{Text(gate.Role)},\"quorum\":{Number(gate.Quorum)},\"lifetime\":{Text(gate.Lifetime)}}}";

    private static string Edge(GraphEdge edge)
    {
        int at = edge.Contract.LastIndexOf('@');
        return $"{{\"from\":{Text(edge.From)},\"to\":{Text(edge.To)},\"contract\":{Text(edge.Contract.Substring(0, at))},"
            + $"\"version\":{edge.Contract.Substring(at + 1)},\"label\":{Text(edge.Label)}"
            + (edge.IsDashed ? ",\"dashed\":true" : "") + (edge.IsObserver ? ",\"observer\":true" : "") + "}";
    }

    private static string Contract(RouteContract contract) =>
        $"{{\"contract\":{Text(contract.Name)},\"version\":{Number(contract.Version)},\"type\":{Text(contract.Type)}"
        + (contract.EndsThread ? $",\"ends\":{Text(contract.Ends.ToLowerInvariant())}" : "")
        + (contract.Route is { } route ? $",\"route\":{Text(route)}" : "")
        + (contract.MaxHops > 0 ? $",\"maxHops\":{Number(contract.MaxHops)}" : "") + "}";

    // FNV-1a over the text: it tells two pictures apart and protects nothing.
    private static string BuildId(string assembly, string body)
    {
        ulong hash = 14695981039346656037;
        foreach (char c in assembly + "\n" + body)
            hash = unchecked((hash ^ c) * 1099511628211);
        return hash.ToString("x16", CultureInfo.InvariantCulture);
    }

    private static string Array(IEnumerable<string> items)
    {
        string joined = string.Join(",\n", items);
        return joined.Length == 0 ? "[]" : $"[\n{joined}]";
    }

    private static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);

    private static string Text(string value)
    {
        var json = new StringBuilder("\"", value.Length + 2);
        foreach (char c in value)
        {
            if (c is '"' or '\\')
                json.Append('\\').Append(c);
            else if (c < ' ')
                json.Append("\\u").Append(((int)c).ToString("x4", CultureInfo.InvariantCulture));
            else
                json.Append(c);
        }

        return json.Append('"').ToString();
    }
}
