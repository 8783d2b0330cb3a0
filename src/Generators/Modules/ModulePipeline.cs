using AgentFlow.Generators.Agents;
using AgentFlow.Generators.Contracts;
using AgentFlow.Generators.Graph;
using AgentFlow.Generators.Shared;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;

namespace AgentFlow.Generators.Modules;

/// <summary>From everything of a project to its module: the descriptor, the route graph and, in an executable, <c>AddAgentFlow</c>. Three files that change
/// on different edits.</summary>
internal static class ModulePipeline
{
    public const string Project = Tracking.Prefix + "Project";
    public const string Contracts = Tracking.Prefix + "ModuleContracts";
    public const string Codecs = Tracking.Prefix + "ModuleCodecs";
    public const string Module = Tracking.Prefix + "Module";
    public const string Routes = Tracking.Prefix + "Routes";

    public static void Register(
        IncrementalGeneratorInitializationContext context,
        IncrementalValueProvider<EquatableArray<string>> generated,
        IncrementalValuesProvider<AgentSource> agents)
    {
        context.RegisterPostInitializationOutput(static output => output.AddEmbeddedAttributeDefinition());

        IncrementalValueProvider<ProjectFacts> project = context.CompilationProvider.Select(static (compilation, _) => ProjectFacts.Read(compilation))
            .WithTrackingName(Project);
        IncrementalValueProvider<string> folder = context.AnalyzerConfigOptionsProvider.Select(static (options, _) => SourceFolder.Of(options.GlobalOptions));
        IncrementalValuesProvider<ModuleContract> contracts = Types(context, ContractFacts.Message, generated).WithTrackingName(Contracts);
        IncrementalValuesProvider<ModuleContract> payloads = Types(context, ContractFacts.Payload, generated).WithTrackingName(Codecs);

        IncrementalValueProvider<ModuleModel?> module = contracts.Collect().Combine(payloads.Collect())
            .Combine(agents.Select(static (a, _) => a.Model).Collect()).Combine(project)
            .Select(static (all, _) => ModuleModel.Create(all.Right, all.Left.Left.Left, all.Left.Left.Right, all.Left.Right)).WithTrackingName(Module);
        context.RegisterSourceOutput(module, static (output, model) =>
        {
            if (model is not null)
                output.AddSource(ModuleName.Class + ".g.cs", ModuleEmitter.Emit(model));
        });

        IncrementalValueProvider<RoutesModel> routes = contracts.Collect().Combine(agents.Collect()).Combine(project).Combine(folder)
            .Select(static (all, _) => RoutesModel.Create(all.Left.Right, all.Left.Left.Left, all.Left.Left.Right, all.Right)).WithTrackingName(Routes);
        context.RegisterSourceOutput(routes.Combine(module.Select(static (model, _) => model is not null)), static (output, pair) =>
        {
            if (pair.Right)
                output.AddSource(ModuleName.Class + ".Graph.g.cs", RoutesEmitter.Emit(pair.Left));
        });

        context.RegisterSourceOutput(project, static (output, facts) =>
        {
            if (facts is { IsExecutable: true, CanHost: true })
                output.AddSource("AddAgentFlow.g.cs", HostingEmitter.Emit(facts));
        });
    }

    private static IncrementalValuesProvider<ModuleContract> Types(
        IncrementalGeneratorInitializationContext context, string attribute, IncrementalValueProvider<EquatableArray<string>> generated) =>
        context.SyntaxProvider.ForAttributeWithMetadataName(attribute, static (node, _) => node is TypeDeclarationSyntax, static (match, _) =>
        {
            var type = (INamedTypeSymbol)match.TargetSymbol;
            return new ModuleContract(Naming.FullName(type), ContractReader.Read(type), IsValid: true);
        }).Combine(generated).Select(static (pair, _) => pair.Right.Contains(pair.Left.TypeName) ? pair.Left : pair.Left with { IsValid = false });
}
