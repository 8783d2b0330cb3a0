using AgentFlow.Generators.Shared;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace AgentFlow.Generators.Contracts;

/// <summary>From a contract type to its model. The one parser of generator and analyzer.</summary>
internal static class ContractParser
{
    /// <summary>Parses a type with <c>[Message]</c>, <c>[Payload]</c> or <c>[ThreadState]</c>; null where it has an error.</summary>
    /// <param name="type">The type.</param>
    /// <param name="report">Takes the diagnostics, or null.</param>
    public static ContractModel? Parse(INamedTypeSymbol type, Action<Diagnostic>? report)
    {
        var problems = new ParseReport(report);
        ReportDeclaration(type, problems);
        EquatableArray<ShapeModel> shapes = new ShapeGraph().Parse(type, problems);
        MessageModel? message = MessageParser.Parse(type, shapes[0], problems);
        StateModel? state = ParseState(type, problems);
        if (problems.HasErrors)
            return null;
        return new ContractModel(
            Naming.MetadataName(type), Namespace(type), Containers(type), Head(type), type.Name, BaseTypes(type).Any(ContractFacts.HasCodec), BaseTypes(type).Any(ContractFacts.IsMessage),
            shapes, PrintParser.Parse(type), message, state);
    }

    private static void ReportDeclaration(INamedTypeSymbol type, ParseReport report)
    {
        for (INamedTypeSymbol? level = type; level is not null; level = level.ContainingType)
        {
            string? reason = level switch
            {
                { IsGenericType: true } => $"'{level.Name}' is generic, but a contract has one schema. Declare a type without parameters.",
                { DeclaredAccessibility: Accessibility.Private or Accessibility.Protected or Accessibility.ProtectedAndInternal } =>
                    $"'{level.Name}' is hidden from the rest of the assembly, which must reach it. Make it internal or public.",
                { IsFileLocal: true } => $"'{level.Name}' is local to its file. Remove 'file'.",
                _ => IsPartial(level) ? null : $"add 'partial' to '{level.Name}'.",
            };
            if (reason is not null)
                report.Add(ContractDiagnostics.NotPartial, type.FirstLocation(), type.Name, reason);
        }

        string[] kinds = [.. new[] { ContractFacts.Message, ContractFacts.Payload, ContractFacts.ThreadState }.Where(kind => type.Attribute(kind) is not null)];
        if (kinds.Length > 1)
            report.Add(ContractDiagnostics.AttributeValue, type.FirstLocation(), type.Name, "has more than one of [Message], [Payload] and [ThreadState]. Keep one.");
    }

    private static StateModel? ParseState(INamedTypeSymbol type, ParseReport report)
    {
        if (type.Attribute(ContractFacts.ThreadState) is not { } attribute)
            return null;
        (string name, int version) = MessageParser.NameAndVersion(type, attribute, report);
        if (type.IsAbstract)
            report.Add(ContractDiagnostics.MemberNotSerializable, type.FirstLocation(), type.Name, "a thread starts with an empty state, but the type is abstract. Make it concrete.");
        bool hasConstructor = type.InstanceConstructors.Any(static c => c.Parameters.IsEmpty && c.DeclaredAccessibility == Accessibility.Public)
            && !MemberSelection.Properties(type).Any(static p => p.IsRequired);
        return new StateModel(name, version, hasConstructor);
    }

    private static bool IsPartial(INamedTypeSymbol type) =>
        type.DeclaringSyntaxReferences.All(static r => r.GetSyntax() is not TypeDeclarationSyntax declaration || declaration.Modifiers.Any(SyntaxKind.PartialKeyword));

    private static string? Namespace(INamedTypeSymbol type) => type.ContainingNamespace.IsGlobalNamespace
        ? null
        : type.ContainingNamespace.ToDisplayString(SymbolDisplayFormat.FullyQualifiedFormat.WithGlobalNamespaceStyle(SymbolDisplayGlobalNamespaceStyle.Omitted));

    private static EquatableArray<string> Containers(INamedTypeSymbol type)
    {
        var heads = new List<string>();
        for (INamedTypeSymbol? level = type.ContainingType; level is not null; level = level.ContainingType)
            heads.Insert(0, Head(level));
        return heads.ToEquatableArray();
    }

    private static string Head(INamedTypeSymbol type)
    {
        string keyword = (type.TypeKind, type.IsRecord) switch
        {
            (TypeKind.Interface, _) => "interface",
            (TypeKind.Struct, true) => "record struct",
            (TypeKind.Struct, false) => "struct",
            (_, true) => "record",
            _ => "class",
        };
        return $"partial {keyword} {Naming.Identifier(type.Name)}";
    }

    private static IEnumerable<INamedTypeSymbol> BaseTypes(INamedTypeSymbol type)
    {
        for (INamedTypeSymbol? level = type.BaseType; level is not null; level = level.BaseType)
            yield return level;
    }
}
