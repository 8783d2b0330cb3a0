using AgentFlow.Generators.Agents;
using AgentFlow.Generators.Graph;
using AgentFlow.Generators.Shared;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace AgentFlow.Generators.Modules;

/// <summary>
/// Reports what is wrong with agents and contracts together. What a library lacks, another project may have, so completeness is asked of executables only,
/// and there of the whole composition: those that have agents or call <c>AddAgentFlow</c>.
/// </summary>
internal static class CompositionAnalysis
{
    public static void Register(CompilationStartAnalysisContext context)
    {
        var composition = new Composition();
        context.RegisterSymbolAction(symbol => composition.Add((INamedTypeSymbol)symbol.Symbol), SymbolKind.NamedType);
        context.RegisterOperationAction(operation => composition.Add((IInvocationOperation)operation.Operation), OperationKind.Invocation);
        context.RegisterCompilationEndAction(end => Analyze(composition, end));
    }

    private static void Analyze(Composition composition, CompilationAnalysisContext context)
    {
        Compilation compilation = context.Compilation;
        if (!composition.IsEmpty && compilation.Assembly.Attribute(ModuleAttributes.Module) is null)
        {
            INamedTypeSymbol first = composition.Agents.Select(a => a.Type).Concat(composition.Contracts.Select(c => c.Type)).First();
            context.ReportDiagnostic(Diagnostic.Create(AgentDiagnostics.NothingEmitted, first.FirstLocation(), compilation.AssemblyName));
        }

        bool isApp = ProjectFacts.IsApp(compilation);
        if (composition.IsEmpty && !(isApp && composition.IsComposed))
            return;
        RouteModule[] others = [.. ReferencedModule.Find(compilation).Select(r => r.Routes)];
        IEnumerable<RouteAgent> agents = composition.Agents.Select(a => a.Model.ToRoute()).Concat(isApp ? others.SelectMany(m => m.Agents) : []);
        RouteMap map = RouteMap.Of(others.SelectMany(m => m.Contracts).Concat(composition.Contracts.Select(c => c.Contract)), agents);
        var rules = new RouteRules(map, composition, context.ReportDiagnostic);
        rules.CheckNames();
        rules.CheckRivals();
        rules.CheckCycles();
        if (isApp && map.Agents.Count > 0 && (composition.Agents.Count > 0 || composition.IsComposed))
        {
            rules.CheckRoutes();
            rules.CheckDecisions();
        }
    }
}
