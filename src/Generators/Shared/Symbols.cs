using Microsoft.CodeAnalysis;

namespace AgentFlow.Generators.Shared;

/// <summary>Small questions to Roslyn symbols.</summary>
internal static class Symbols
{
    /// <summary>Whether a type is exactly this one: <c>AgentFlow.MessageAttribute</c>, without arity.</summary>
    public static bool Is(this ITypeSymbol? type, string fullName)
    {
        if (type is null)
            return false;
        int dot = fullName.LastIndexOf('.');
        return type.ContainingType is null && fullName.Length - dot - 1 == type.Name.Length && fullName.EndsWith(type.Name, StringComparison.Ordinal)
            && IsNamespace(type.ContainingNamespace, dot < 0 ? "" : fullName.Substring(0, dot));
    }

    /// <summary>The first attribute of this type, or null.</summary>
    public static AttributeData? Attribute(this ISymbol symbol, string fullName) => symbol.Attributes(fullName).FirstOrDefault();

    /// <summary>All attributes of this type, in the order of the source.</summary>
    public static IEnumerable<AttributeData> Attributes(this ISymbol symbol, string fullName) => symbol.GetAttributes().Where(a => a.AttributeClass.Is(fullName));

    /// <summary>A constructor argument, or the default where it is absent or broken.</summary>
    public static T? Argument<T>(this AttributeData attribute, int index) =>
        attribute.ConstructorArguments.Length > index && attribute.ConstructorArguments[index] is { Kind: not TypedConstantKind.Array, Value: T value } ? value : default;

    /// <summary>A named argument, or a fallback where it is absent.</summary>
    public static T Named<T>(this AttributeData attribute, string name, T fallback)
    {
        foreach (KeyValuePair<string, TypedConstant> pair in attribute.NamedArguments)
        {
            if (pair.Key == name && pair.Value.Kind != TypedConstantKind.Array && pair.Value.Value is T value)
                return value;
        }

        return fallback;
    }

    /// <summary>Where an attribute stands in the source, or where the symbol does.</summary>
    public static Location Location(this AttributeData attribute, ISymbol symbol) =>
        attribute.ApplicationSyntaxReference is { } syntax ? Microsoft.CodeAnalysis.Location.Create(syntax.SyntaxTree, syntax.Span) : symbol.FirstLocation();

    /// <summary>Where a symbol is declared first.</summary>
    public static Location FirstLocation(this ISymbol symbol) => symbol.Locations.FirstOrDefault() ?? Microsoft.CodeAnalysis.Location.None;

    /// <summary>The type as a reader of a message knows it: <c>Approved&lt;Deploy&gt;</c>.</summary>
    public static string Short(this ITypeSymbol type) => type.ToDisplayString(SymbolDisplayFormat.MinimallyQualifiedFormat);

    private static bool IsNamespace(INamespaceSymbol? symbol, string name)
    {
        while (symbol is { IsGlobalNamespace: false })
        {
            int dot = name.LastIndexOf('.');
            if (name.Substring(dot + 1) != symbol.Name)
                return false;
            name = dot < 0 ? "" : name.Substring(0, dot);
            symbol = symbol.ContainingNamespace;
        }

        return name.Length == 0;
    }
}
