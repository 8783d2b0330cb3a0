using AgentFlow.Generators.Shared;
using Microsoft.CodeAnalysis.Text;

namespace AgentFlow.Generators.Modules;

/// <summary>Writes the module class and the attribute by which an executable finds it.</summary>
internal static class ModuleEmitter
{
    private const string Runtime = "global::AgentFlow.SourceGeneration.";

    public static SourceText Emit(ModuleModel module)
    {
        SourceWriter writer = new SourceWriter().Line(Naming.Header.TrimEnd('\n'))
            .Line("#pragma warning disable CS0612, CS0618 // A contract may be obsolete and still be sent.")
            .Line()
            .Line($"[assembly: {Runtime}AgentFlowModule(typeof(global::{module.Namespace}.{ModuleName.Class}))]")
            .Line()
            .Line($"namespace {module.Namespace};")
            .Line()
            .Line("/// <summary>The contracts, agents and routes of this assembly. An executable that references it composes it.</summary>")
            .Line(Naming.GeneratedCode)
            .Line(Naming.Hidden)
            .Open($"public static partial class {ModuleName.Class}")
            .Line("/// <summary>What the runtime needs to know of this assembly.</summary>")
            .Open($"public static {Runtime}ModuleDescriptor Descriptor {{ get; }} = new()")
            .Line($"Assembly = {Naming.Literal(module.Assembly)},");
        List(writer, "Messages", module.Messages.Select(Naming.Descriptor));
        List(writer, "Agents", module.Agents.Select(a => a + ".Descriptor"));
        writer.Line("GraphJson = GraphJson,").Line("GraphMermaid = GraphMermaid,");
        if (!module.Codecs.IsEmpty)
        {
            writer.Open("Codecs = new global::System.Collections.Generic.Dictionary<global::System.Type, object>");
            foreach (string type in module.Codecs)
                writer.Line($"[typeof({type})] = {Naming.Codec(type)},");
            writer.Close(",");
        }

        return writer.Close(";").Close().ToSourceText();
    }

    private static void List(SourceWriter writer, string name, IEnumerable<string> items)
    {
        string[] all = [.. items];
        if (all.Length == 0)
        {
            writer.Line($"{name} = [],");
            return;
        }

        writer.Line($"{name} =").Line("[").Indent();
        foreach (string item in all)
            writer.Line(item + ",");
        writer.Unindent().Line("],");
    }
}
