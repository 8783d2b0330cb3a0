using System.Security;
using AgentFlow.Generators.Shared;
using Microsoft.CodeAnalysis.Text;

namespace AgentFlow.Generators.Modules;

/// <summary>Writes <c>AddAgentFlow</c> of an executable, which composes its own module and those of its references.</summary>
internal static class HostingEmitter
{
    public static SourceText Emit(ProjectFacts project)
    {
        IEnumerable<string> modules = new[] { $"global::{project.Namespace}.{ModuleName.Class}" }.Concat(project.References.Select(r => r.TypeName));
        string names = string.Join(", ", new[] { project.Assembly }.Concat(project.References.Select(r => r.Routes.Assembly)));
        SourceWriter writer = new SourceWriter().Line(Naming.Header.TrimEnd('\n'))
            .Line()
            .Line("namespace AgentFlow;")
            .Line()
            .Line("/// <summary>Adds AgentFlow to this executable. Embedded, so that a test project that sees its internals keeps its own.</summary>")
            .Line(Naming.GeneratedCode)
            .Line("[global::Microsoft.CodeAnalysis.Embedded]")
            .Open("internal static class AgentFlowApplication")
            .Line($"/// <summary>Adds AgentFlow with every contract and agent of {SecurityElement.Escape(names)}.</summary>")
            .Line("/// <param name=\"builder\">The application that is being built.</param>")
            .Line("/// <param name=\"configure\">Sets options.</param>")
            .Line("/// <returns>A builder that adds a store and other parts.</returns>")
            .Line("internal static global::AgentFlow.AgentFlowBuilder AddAgentFlow(").Indent()
            .Line("this global::Microsoft.Extensions.Hosting.IHostApplicationBuilder builder,")
            .Line("global::System.Action<global::AgentFlow.AgentFlowOptions>? configure = null) =>")
            .Line("global::AgentFlow.Hosting.AgentFlowHosting.Add(builder, configure,")
            .Line("[").Indent();
        foreach (string module in modules)
            writer.Line(module + ".Descriptor,");
        return writer.Unindent().Line("]);").Unindent().Close().ToSourceText();
    }
}
