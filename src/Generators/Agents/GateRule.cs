using AgentFlow.Generators.Contracts;
using AgentFlow.Generators.Graph;
using AgentFlow.Generators.Shared;
using Microsoft.CodeAnalysis;

namespace AgentFlow.Generators.Agents;

/// <summary>AGF0101: every way by which a handler, an observer too, could get a gated contract without an approval.</summary>
internal static class GateRule
{
    public static void Check(IMethodSymbol method, INamedTypeSymbol agent, INamedTypeSymbol contract, RouteKind kind, Findings findings)
    {
        string name = contract.Name;
        if (ContractFacts.IsGated(contract))
        {
            if (kind == RouteKind.Message)
                findings.Add(AgentDiagnostics.GatedDirectly, method.Parameters[0], agent, name,
                    $"requires approval; take 'Approved<{name}>' instead of '{name}'");
        }
        else if (kind != RouteKind.Message)
        {
            findings.Add(AgentDiagnostics.HandlerShape, method, agent, method.Name,
                $"takes '{kind}<{name}>', but '{name}' requires no approval. Take '{name}', or mark it [RequiresApproval].");
        }
        else if (GatedBase(contract) is { } gatedBase)
        {
            findings.Add(AgentDiagnostics.GatedDirectly, method.Parameters[0], agent, name,
                $"is a '{gatedBase.Name}', which requires approval; put [RequiresApproval] on '{name}' too and take 'Approved<{name}>'");
        }
        else if (GatedCase(contract) is { } gatedCase)
        {
            findings.Add(AgentDiagnostics.GatedDirectly, method.Parameters[0], agent, name,
                $"can be a '{gatedCase.Name}', which requires approval; "
                + $"put [RequiresApproval] on '{name}' and take 'Approved<{name}>', or take '{gatedCase.Name}' out of its cases");
        }
    }

    /// <summary>An upcaster must not lead out of a gate: what was to be approved as version 1 would be handled unapproved as version 2.</summary>
    public static void CheckUpcasters(INamedTypeSymbol contract, Action<Diagnostic> report)
    {
        if (ContractFacts.IsGated(contract))
            return;
        foreach (IMethodSymbol upcaster in ContractReader.Upcasters(contract))
        {
            if (upcaster.Parameters.Length == 1 && upcaster.Parameters[0].Type is INamedTypeSymbol old && ContractFacts.IsGated(old))
            {
                report(Diagnostic.Create(AgentDiagnostics.GatedDirectly, upcaster.FirstLocation(), contract.Name,
                    $"requires no approval, but its older version '{old.Name}' does; put [RequiresApproval] on '{contract.Name}' too"));
            }
        }
    }

    private static INamedTypeSymbol? GatedBase(INamedTypeSymbol contract)
    {
        for (INamedTypeSymbol? at = contract.BaseType; at is not null; at = at.BaseType)
        {
            if (ContractFacts.IsGated(at))
                return at;
        }

        return null;
    }

    private static ITypeSymbol? GatedCase(INamedTypeSymbol contract) =>
        contract.Attributes(ContractFacts.Case).Select(c => c.Argument<ITypeSymbol>(1)).FirstOrDefault(c => c is not null && ContractFacts.IsGated(c));
}
