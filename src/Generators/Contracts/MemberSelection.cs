using Microsoft.CodeAnalysis;

namespace AgentFlow.Generators.Contracts;

/// <summary>The members of a type that go on the wire, in the order of field numbers: what the constructor takes, then what can be assigned.</summary>
/// <remarks>It asks only what a reference assembly tells too, so that a contract has the same fields wherever it is looked at.</remarks>
internal sealed class MemberSelection
{
    private MemberSelection(IMethodSymbol? constructor, IReadOnlyList<(IPropertySymbol Property, IParameterSymbol? Parameter)> members) => (Constructor, Members) = (constructor, members);

    /// <summary>The constructor that decoding calls, or null where there is none that fits.</summary>
    public IMethodSymbol? Constructor { get; }

    public IReadOnlyList<(IPropertySymbol Property, IParameterSymbol? Parameter)> Members { get; }

    public static MemberSelection Of(INamedTypeSymbol type)
    {
        List<IPropertySymbol> properties = Properties(type);
        IMethodSymbol? constructor = null;
        foreach (IMethodSymbol candidate in type.InstanceConstructors)
        {
            bool fits = candidate.DeclaredAccessibility == Accessibility.Public && candidate.Parameters.All(p => p.RefKind == RefKind.None && Match(p, properties) is not null);
            if (fits && (constructor is null || candidate.Parameters.Length > constructor.Parameters.Length))
                constructor = candidate;
        }

        var members = new List<(IPropertySymbol, IParameterSymbol?)>();
        foreach (IParameterSymbol parameter in constructor?.Parameters ?? [])
            members.Add((Match(parameter, properties)!, parameter));
        foreach (IPropertySymbol property in properties)
        {
            if (property.SetMethod is { DeclaredAccessibility: Accessibility.Public } && !members.Any(m => SymbolEqualityComparer.Default.Equals(m.Item1, property)))
                members.Add((property, null));
        }

        return new MemberSelection(constructor, members);
    }

    /// <summary>The public instance properties, those of base types first.</summary>
    public static List<IPropertySymbol> Properties(INamedTypeSymbol type)
    {
        List<IPropertySymbol> properties = type.BaseType is { SpecialType: SpecialType.None } parent ? Properties(parent) : [];
        foreach (IPropertySymbol property in type.GetMembers().OfType<IPropertySymbol>())
        {
            if (property is not { IsStatic: false, IsIndexer: false, DeclaredAccessibility: Accessibility.Public, GetMethod: not null })
                continue;
            int hidden = properties.FindIndex(p => p.Name == property.Name);
            if (hidden < 0)
                properties.Add(property);
            else
                properties[hidden] = property;
        }

        return properties;
    }

    private static IPropertySymbol? Match(IParameterSymbol parameter, List<IPropertySymbol> properties) =>
        properties.Find(p => p.Name == parameter.Name && SymbolEqualityComparer.Default.Equals(p.Type, parameter.Type))
        ?? properties.Find(p => string.Equals(p.Name, parameter.Name, StringComparison.OrdinalIgnoreCase) && SymbolEqualityComparer.Default.Equals(p.Type, parameter.Type));
}
