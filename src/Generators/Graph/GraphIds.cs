namespace AgentFlow.Generators.Graph;

/// <summary>Ids of nodes. Agent names have only lower case letters, digits and hyphens, so an underscore or a capital letter can never meet another
/// agent.</summary>
internal static class GraphIds
{
    public const string Start = "in";
    public const string End = "out";
    public const string Stopped = "stop";
    public const string Elsewhere = "Elsewhere";

    private static readonly HashSet<string> s_reserved = new(StringComparer.Ordinal)
    {
        Start, End, Stopped, "end", "graph", "flowchart", "subgraph", "style", "class", "click", "default", "direction",
    };

    /// <summary>The id of an agent: its name, with an underscore for each hyphen and a prefix where Mermaid or the graph itself uses the word.</summary>
    public static string Agent(string name)
    {
        bool isTaken = s_reserved.Contains(name) || name.StartsWith("gate", StringComparison.Ordinal);
        return (isTaken ? "A_" : "") + name.Replace('-', '_');
    }

    /// <summary>The id of an agent of another process.</summary>
    public static string External(string name) => "X_" + name.Replace('-', '_');
}
