using AgentFlow.Generators.Contracts;
using AgentFlow.Generators.Shared;
using Microsoft.CodeAnalysis;

namespace AgentFlow.Generators.Agents;

/// <summary>Finds the constructor that makes an agent and what it takes.</summary>
internal static class ConstructorParser
{
    public static EquatableArray<ServiceModel> Parse(INamedTypeSymbol type, Findings findings)
    {
        if (type.IsStatic || type.IsAbstract)
            return default;
        IMethodSymbol[] reachable = [.. type.InstanceConstructors.Where(c =>
            c.DeclaredAccessibility is Accessibility.Public or Accessibility.Internal && !IsCopy(c))];
        IMethodSymbol[] best = [.. reachable.Where(c => c.DeclaredAccessibility == Accessibility.Public)];
        if (best.Length == 0)
            best = reachable;
        if (best.Length != 1)
        {
            findings.Add(AgentDiagnostics.HandlerShape, type, type, type.Name, best.Length == 0
                ? "has no constructor that generated code can call. Make one public or internal."
                : "has several constructors. Keep one public.");
            return default;
        }

        if (HasUnsetRequiredMembers(type, best[0]))
            findings.Add(AgentDiagnostics.HandlerShape, type, type, type.Name, "has required members, which nobody sets. Take the values by constructor.");

        var services = new List<ServiceModel>();
        foreach (IParameterSymbol parameter in best[0].Parameters)
        {
            if (parameter.RefKind != RefKind.None)
            {
                findings.Add(AgentDiagnostics.HandlerShape, parameter, type, parameter.Name, "is passed by reference. Take it by value.");
            }
            else if (parameter.Type.Is("AgentFlow.MessageContext") || ContractFacts.IsState(parameter.Type) || HandlerMethods.IsMessageLike(parameter.Type))
            {
                findings.Add(AgentDiagnostics.HandlerShape, parameter, type, parameter.Name,
                    "belongs to one message, but one agent serves all. Take it in the handler.");
            }
            else if (ParameterParser.Service(parameter, type, findings) is { } service)
            {
                services.Add(service);
            }
        }

        return services.ToEquatableArray();
    }

    private static bool IsCopy(IMethodSymbol constructor) =>
        constructor.Parameters.Length == 1 && SymbolEqualityComparer.Default.Equals(constructor.Parameters[0].Type, constructor.ContainingType);

    private static bool HasUnsetRequiredMembers(INamedTypeSymbol type, IMethodSymbol constructor)
    {
        if (constructor.Attribute("System.Diagnostics.CodeAnalysis.SetsRequiredMembersAttribute") is not null)
            return false;
        for (INamedTypeSymbol? at = type; at is not null; at = at.BaseType)
        {
            if (at.GetMembers().Any(m => m is IPropertySymbol { IsRequired: true } or IFieldSymbol { IsRequired: true }))
                return true;
        }

        return false;
    }
}
