using AgentFlow.Generators.Contracts;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace AgentFlow.Generators.Agents;

/// <summary>Reports what is wrong with one agent, whatever the others do.</summary>
internal static class AgentAnalysis
{
    public static void Register(CompilationStartAnalysisContext context)
    {
        context.RegisterSymbolAction(AnalyzeType, SymbolKind.NamedType);
        context.RegisterOperationBlockAction(StepRule.Analyze);
        context.RegisterOperationAction(SendRule.Analyze, OperationKind.Invocation);
    }

    private static void AnalyzeType(SymbolAnalysisContext context)
    {
        var type = (INamedTypeSymbol)context.Symbol;
        AgentParser.Parse(type, context.ReportDiagnostic);
        if (ContractFacts.IsMessage(type))
            GateRule.CheckUpcasters(type, context.ReportDiagnostic);
    }
}
