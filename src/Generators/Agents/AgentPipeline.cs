using AgentFlow.Generators.Graph;
using AgentFlow.Generators.Shared;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace AgentFlow.Generators.Agents;

/// <summary>From agent classes to their thunks: one file for each.</summary>
internal static class AgentPipeline
{
    public const string Sources = Tracking.Prefix + "AgentSources";
    public const string Agents = Tracking.Prefix + "Agents";

    /// <summary>Registers the outputs and gives every agent class, the wrong ones too, to the module.</summary>
    public static IncrementalValuesProvider<AgentSource> Register(
        IncrementalGeneratorInitializationContext context, IncrementalValueProvider<EquatableArray<string>> contracts)
    {
        IncrementalValueProvider<string> module = context.CompilationProvider.Select(static (compilation, _) => ModuleName.Namespace(compilation));
        IncrementalValuesProvider<AgentSource> sources = context.SyntaxProvider
            .ForAttributeWithMetadataName(AgentParser.Attribute, static (node, _) => node is TypeDeclarationSyntax, static (match, _) => Read(match))
            .Combine(contracts)
            .Select(static (pair, _) => pair.Left.Given(pair.Right))
            .WithTrackingName(Sources);
        IncrementalValuesProvider<AgentModel> agents = sources.Select(static (source, _) => source.Model).Where(static model => model.IsValid)
            .WithTrackingName(Agents);
        context.RegisterSourceOutput(agents.Combine(module), static (output, pair) =>
            output.AddSource(Naming.HintName(pair.Left.MetadataName, "agent"), AgentEmitter.Emit(pair.Left, pair.Right)));
        return sources;
    }

    private static AgentSource Read(GeneratorAttributeSyntaxContext match)
    {
        var type = (INamedTypeSymbol)match.TargetSymbol;
        AgentModel model = AgentParser.Parse(type, report: null)!.Model;
        Location name = ((TypeDeclarationSyntax)match.TargetNode).Identifier.GetLocation();
        return new AgentSource(model,
            new RouteLocation(model.MetadataName, match.TargetNode.SyntaxTree.FilePath, name.GetLineSpan().StartLinePosition.Line + 1));
    }
}

/// <summary>An agent class and where it stands: two facts that change on different edits.</summary>
internal sealed record AgentSource(AgentModel Model, RouteLocation Location)
{
    /// <summary>The same, but not valid where it names a contract of this project for which nothing was generated: the contract's own
    /// error is enough.</summary>
    public AgentSource Given(EquatableArray<string> contracts) =>
        !Model.IsValid || Model.LocalTypes.All(contracts.Contains) ? this : this with { Model = Model with { IsValid = false } };
}
