using AgentFlow.Generators.Contracts;
using AgentFlow.Generators.Graph;
using AgentFlow.Generators.Shared;
using Microsoft.CodeAnalysis;

namespace AgentFlow.Generators.Agents;

/// <summary>Reads what routing needs to know of a contract from its attributes, in this assembly or another.</summary>
internal static class ContractReader
{
    /// <summary>The contract's key <c>name@version</c>, or null for a type that is no contract.</summary>
    public static string? Key(ITypeSymbol? type) => type is INamedTypeSymbol ? ContractFacts.NameAndVersion(type) : null;

    public static ContractReference? Reference(ITypeSymbol? type) => 
        Key(type) is { } key ? new ContractReference(key, Naming.FullName(type!), type!.Locations.Any(l => l.IsInSource)) : null;

    public static RouteContract? Read(INamedTypeSymbol type)
    {
        if (Key(type) is not { } key)
            return null;
        AttributeData[] gates = [.. type.Attributes(ContractFacts.RequiresApproval)];
        return new RouteContract(
            key,
            type.Name,
            gates.Select(g => new RouteGate(g.Argument<string>(0) ?? "", g.Named("Quorum", 1), g.Named("ExpiresAfter", "24h"))).ToEquatableArray(),
            gates.Any(g => g.Named("MustHandle", false)),
            type.Attribute("AgentFlow.EndsThreadAttribute") is { } ends ? RouteContract.OutcomeName(ends.Argument<int>(0)) : RouteContract.EndsNothing,
            type.Attribute("AgentFlow.RouteAttribute")?.Argument<string>(0),
            type.Attribute("AgentFlow.MaxHopsAttribute")?.Argument<int>(0) ?? 0,
            Upcasters(type).Select(u => u.Attribute("AgentFlow.UpcastFromAttribute")!.Argument<int>(0)).OrderBy(v => v).ToEquatableArray());
    }

    /// <summary>The methods that say how an older version becomes this one.</summary>
    public static IEnumerable<IMethodSymbol> Upcasters(INamedTypeSymbol type) =>
        type.GetMembers().OfType<IMethodSymbol>().Where(m => m.Attribute("AgentFlow.UpcastFromAttribute") is not null);
}
