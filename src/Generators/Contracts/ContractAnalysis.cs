using System.Collections.Concurrent;
using AgentFlow.Generators.Shared;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace AgentFlow.Generators.Contracts;

/// <summary>Reports what is wrong with contracts, from the parser that the generator uses too.</summary>
internal static class ContractAnalysis
{
    public static void Register(CompilationStartAnalysisContext context)
    {
        var contracts = new ConcurrentBag<(INamedTypeSymbol Type, string Name, int Version)>();
        AdditionalText? file = context.Options.AdditionalFiles.FirstOrDefault(static f => LockFile.Is(f.Path));
        EquatableArray<LockEntry>? published = file is null ? null : LockFile.Parse(file.GetText(context.CancellationToken)?.ToString() ?? "");
        context.RegisterSymbolAction(symbol => Analyze(symbol, published, contracts), SymbolKind.NamedType);
        context.RegisterOperationAction(SensitiveFlow.Analyze, OperationKind.PropertyReference);
        context.RegisterCompilationEndAction(end => ReportVersions(end, published ?? default, contracts));
    }

    private static void Analyze(SymbolAnalysisContext context, EquatableArray<LockEntry>? published, ConcurrentBag<(INamedTypeSymbol, string, int)> contracts)
    {
        var type = (INamedTypeSymbol)context.Symbol;
        if (!ContractFacts.HasCodec(type))
            return;
        ContractModel? model = ContractParser.Parse(type, context.ReportDiagnostic);
        if (type.Attribute(ContractFacts.Message) is { } attribute)
            contracts.Add((type, attribute.Argument<string>(0) ?? "", attribute.Named("Version", 1)));
        if (model?.Message is not null && published is { } entries)
            LockRule.Check(type, model, model.Message, entries, context.ReportDiagnostic);
    }

    private static void ReportVersions(CompilationAnalysisContext context, EquatableArray<LockEntry> published, IEnumerable<(INamedTypeSymbol Type, string Name, int Version)> contracts)
    {
        var known = new Dictionary<(string, int), INamedTypeSymbol>();
        foreach ((INamedTypeSymbol type, string name, int version) in contracts.OrderBy(static c => c.Type.ToDisplayString(), StringComparer.Ordinal))
        {
            if (known.TryGetValue((name, version), out INamedTypeSymbol? first))
                context.ReportDiagnostic(Diagnostic.Create(ContractDiagnostics.NameUsedTwice, type.FirstLocation(), first.Name, type.Name, $"{name}@{version}"));
            else
                known.Add((name, version), type);
        }

        foreach (((string name, int version), INamedTypeSymbol type) in known.Select(static pair => (pair.Key, pair.Value)))
        {
            int older = known.Keys.Concat(published.Select(static e => (e.Name, e.Version))).Where(k => k.Item1 == name && k.Item2 < version).Select(static k => k.Item2).DefaultIfEmpty().Max();
            if (older == 0 || MessageParser.HasUpcast(type, older))
                continue;
            string olderName = known.TryGetValue((name, older), out INamedTypeSymbol? olderType) ? olderType.ToDisplayString(SymbolDisplayFormat.CSharpShortErrorMessageFormat) : "Old";
            context.ReportDiagnostic(Diagnostic.Create(ContractDiagnostics.NoUpcaster, type.FirstLocation(), type.Name, version, older, olderName));
        }
    }
}
