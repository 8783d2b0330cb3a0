using AgentFlow.Generators.Graph;
using AgentFlow.Generators.Shared;
using Microsoft.CodeAnalysis.Text;

namespace AgentFlow.Generators.Modules;

/// <summary>Writes the route graph as two constants, and the routing facts as attributes for the builds of other projects.</summary>
internal static class RoutesEmitter
{
    public static SourceText Emit(RoutesModel routes)
    {
        // A library draws its own agents; it needs the contracts of others to know their gates.
        IEnumerable<RouteModule> drawn = routes.IsExecutable ? [routes.Own, .. routes.Others] : [routes.Own];
        RouteMap map = RouteMap.Of(routes.Others.Append(routes.Own).SelectMany(m => m.Contracts), drawn.SelectMany(m => m.Agents));
        RouteGraph graph = GraphBuilder.Build(map, drawn.SelectMany(m => m.Locations));

        SourceWriter writer = new SourceWriter().Line(Naming.Header.TrimEnd('\n')).Line();
        ModuleAttributes.Write(writer, routes.Own);
        writer.Line().Line($"namespace {routes.Namespace};").Line().Open($"public static partial class {ModuleName.Class}");
        Text(writer, "GraphJson", "The route graph as JSON: nodes, edges, gates and contracts.", GraphJson.Write(graph, routes.Own.Assembly));
        Text(writer.Line(), "GraphMermaid", "The route graph as a Mermaid flowchart.", GraphMermaid.Write(graph));
        return writer.Close().ToSourceText();
    }

    // Neither text can hold three quotes in a row: JSON escapes the quotes inside a string, and Mermaid text has none but around a gate.
    private static void Text(SourceWriter writer, string name, string summary, string text) => writer
        .Line($"/// <summary>{summary}</summary>")
        .Line($"public const string {name} =").Indent()
        .Line("\"\"\"").Line(text).Line("\"\"\";").Unindent();
}
