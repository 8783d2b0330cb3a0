using System.Text;

namespace AgentFlow.Generators.Graph;

/// <summary>Writes a graph as a Mermaid flowchart. A node is declared where it is first met.</summary>
internal static class GraphMermaid
{
    public static string Write(RouteGraph graph)
    {
        Dictionary<string, GraphNode> nodes = graph.Nodes.ToDictionary(n => n.Id, StringComparer.Ordinal);
        var declared = new HashSet<string>(StringComparer.Ordinal);
        var text = new StringBuilder("flowchart LR\n");
        foreach (GraphEdge edge in graph.Edges)
        {
            text.Append("  ").Append(Name(edge.From)).Append(edge.IsDashed ? " -.->|" : " -->|").Append(Escape(edge.Label)).Append("| ").Append(Name(edge.To));
            text.Append('\n');
        }

        foreach (GraphNode alone in graph.Nodes.Where(n => !declared.Contains(n.Id)))
            text.Append("  ").Append(Name(alone.Id)).Append('\n');
        return text.ToString();

        string Name(string id) => declared.Add(id) ? id + Shape(nodes[id]) : id;
    }

    private static string Shape(GraphNode node) => node.Kind switch
    {
        "agent" => node.IsElsewhere ? $"[[{Escape(node.Label)}]]" : $"[{Escape(node.Label)}]",
        "gate" => $"{{{{\"approval<br/>{string.Join("<br/>", node.Gate!.Gates.Select(g => Escape($"{g.Role}, {g.Quorum}, {g.Lifetime}")))}\"}}}}",
        _ => $"([{Escape(node.Label)}])",
    };

    // Mermaid has no escape but entities; names are plain almost always.
    private static string Escape(string text)
    {
        var escaped = new StringBuilder(text.Length);
        foreach (char c in text)
        {
            if (char.IsLetterOrDigit(c) || c is '.' or '@' or '-' or '_' or ' ' or ',')
                escaped.Append(c);
            else
                escaped.Append('#').Append((int)c).Append(';');
        }

        return escaped.ToString();
    }
}
