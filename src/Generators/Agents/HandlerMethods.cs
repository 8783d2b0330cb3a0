using AgentFlow.Generators.Contracts;
using Microsoft.CodeAnalysis;

namespace AgentFlow.Generators.Agents;

/// <summary>Finds the methods of an agent that are handlers, or that look as if somebody meant them to be.</summary>
internal static class HandlerMethods
{
    private static readonly string[] s_names = ["Handle", "HandleAsync"];

    /// <summary>The methods of the class and of its base classes, an override in place of what it overrides.</summary>
    public static IEnumerable<IMethodSymbol> Of(INamedTypeSymbol type)
    {
        var overridden = new HashSet<IMethodSymbol>(SymbolEqualityComparer.Default);
        for (INamedTypeSymbol? at = type; at is { SpecialType: not SpecialType.System_Object }; at = at.BaseType)
        {
            foreach (IMethodSymbol method in s_names.SelectMany(name => at.GetMembers(name)).OfType<IMethodSymbol>()
                .Where(m => m.MethodKind == MethodKind.Ordinary))
            {
                if (method.OverriddenMethod is { } original)
                    overridden.Add(original.OriginalDefinition);
                if (!overridden.Contains(method.OriginalDefinition) && (method.DeclaredAccessibility == Accessibility.Public || LooksMeant(method, type)))
                    yield return method;
            }
        }
    }

    /// <summary>Whether a parameter's type is a contract or one of the wrappers of a gated one.</summary>
    public static bool IsMessageLike(ITypeSymbol type) => ContractFacts.IsMessage(type) || HandlerParser.Wrapper(type) is not null;

    // A private helper may be named Handle; one that takes a message was meant to be a handler.
    private static bool LooksMeant(IMethodSymbol method, INamedTypeSymbol type) =>
        SymbolEqualityComparer.Default.Equals(method.ContainingType, type) && method.Parameters.Length > 0 && IsMessageLike(method.Parameters[0].Type);
}
