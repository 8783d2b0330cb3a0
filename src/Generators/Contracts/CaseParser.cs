using AgentFlow.Generators.Shared;
using Microsoft.CodeAnalysis;

namespace AgentFlow.Generators.Contracts;

/// <summary>The cases of a closed hierarchy.</summary>
internal static class CaseParser
{
    public static EquatableArray<CaseModel> Parse(INamedTypeSymbol type, ShapeGraph graph, ParseReport report)
    {
        AttributeData[] attributes = [.. type.Attributes(ContractFacts.Case)];
        if (attributes.Length == 0)
            report.Add(ContractDiagnostics.MemberNotSerializable, type.FirstLocation(), type.Name, "it is abstract; name its cases with [Case(n, typeof(X))], or make it concrete");
        else if (!type.IsAbstract)
            report.Add(ContractDiagnostics.AttributeValue, attributes[0].Location(type), type.Name, "has [Case] but is not abstract. Make it abstract.");
        var cases = new List<CaseModel>();
        var names = new HashSet<string>();
        foreach (AttributeData attribute in attributes)
        {
            int number = attribute.Argument<int>(0);
            Location location = attribute.Location(type);
            if (attribute.Argument<INamedTypeSymbol>(1) is not { } target)
                continue;
            if (FieldNumbers.Refusal(number) is { } refusal)
                report.Add(ContractDiagnostics.FieldNumber, location, target.Name, number, refusal);
            else if (cases.Exists(c => c.Number == number))
                report.Add(ContractDiagnostics.FieldNumber, location, target.Name, number, "another case has it. Take a number that is free.");
            if (Refusal(type, target) is { } reason)
                report.Add(ContractDiagnostics.MemberNotSerializable, location, target.Name, reason);
            else if (cases.Exists(c => c.Type == Naming.FullName(target)))
                report.Add(ContractDiagnostics.AttributeValue, location, target.Name, "is named by two [Case] attributes. Remove one.");
            else
                cases.Add(new CaseModel(number, Naming.FullName(target), graph.Name(target), ContractNames.CamelCase(target.Name), ContractNames.Unique(ContractNames.SnakeCase(target.Name), names)));
        }

        return cases.OrderBy(static c => c.Number).ToEquatableArray();
    }

    private static string? Refusal(INamedTypeSymbol parent, INamedTypeSymbol target)
    {
        bool derives = false;
        for (INamedTypeSymbol? level = target.BaseType; level is not null; level = level.BaseType)
            derives |= SymbolEqualityComparer.Default.Equals(level, parent);
        if (!derives)
            return $"a case must derive from '{parent.Name}'";
        if (!target.IsSealed)
            return "a case must be sealed";
        return ContractFacts.HasCodec(target) ? null : "a case must be marked with [Payload] and be partial";
    }
}
