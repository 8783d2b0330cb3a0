using System.Collections.Concurrent;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace AgentFlow.Generators.Contracts;

/// <summary>Reports what is wrong with contracts, from the parser that the generator uses too.</summary>
internal static class ContractAnalysis
{
    public static void Register(CompilationStartAnalysisContext context)
    {
        var contracts = new ConcurrentDictionary<INamedTypeSymbol, string>(SymbolEqualityComparer.Default);
        context.RegisterSymbolAction(symbol => Analyze(symbol, contracts), SymbolKind.NamedType);
        context.RegisterCompilationEndAction(end => ReportNamesUsedTwice(end, contracts));
    }

    private static void Analyze(SymbolAnalysisContext context, ConcurrentDictionary<INamedTypeSymbol, string> contracts)
    {
        var type = (INamedTypeSymbol)context.Symbol;
        if (!ContractFacts.HasCodec(type))
            return;
        ContractParser.Parse(type, context.ReportDiagnostic);
        if (ContractFacts.NameAndVersion(type) is { } contract)
            contracts.TryAdd(type, contract);
    }

    private static void ReportNamesUsedTwice(CompilationAnalysisContext context, ConcurrentDictionary<INamedTypeSymbol, string> contracts)
    {
        foreach (IGrouping<string, INamedTypeSymbol> group in contracts.GroupBy(static pair => pair.Value, static pair => pair.Key))
        {
            INamedTypeSymbol[] types = [.. group.OrderBy(static type => type.ToDisplayString(), StringComparer.Ordinal)];
            foreach (INamedTypeSymbol second in types.Skip(1))
                context.ReportDiagnostic(Diagnostic.Create(ContractDiagnostics.NameUsedTwice, Shared.Symbols.FirstLocation(second), types[0].Name, second.Name, group.Key));
        }
    }
}
