using AgentFlow.Generators.Shared;
using Microsoft.CodeAnalysis;

namespace AgentFlow.Generators.Contracts;

/// <summary>The <c>PrintMembers</c> of a record with sensitive members.</summary>
internal static class PrintParser
{
    /// <summary>What to print, or null where the compiler's own is right or the user wrote one.</summary>
    public static PrintModel? Parse(INamedTypeSymbol type)
    {
        if (!type.IsRecord || type.GetMembers("PrintMembers").Any(static m => !m.IsImplicitlyDeclared))
            return null;
        IMethodSymbol? constructor = MemberSelection.Of(type).Constructor;
        var members = new List<PrintMember>();
        foreach (IPropertySymbol property in type.GetMembers().OfType<IPropertySymbol>())
        {
            if (property is { IsStatic: false, IsIndexer: false, DeclaredAccessibility: Accessibility.Public, GetMethod: not null, IsOverride: false })
                members.Add(new PrintMember(property.Name, MemberParser.IsSensitive(property, constructor?.Parameters.FirstOrDefault(p => p.Name == property.Name))));
        }

        if (!members.Exists(static m => m.IsSensitive))
            return null;
        bool callsBase = type.BaseType is { IsRecord: true };
        string modifiers = callsBase ? "protected override" : type.IsSealed ? "private" : "protected virtual";
        return new PrintModel(modifiers, callsBase, members.ToEquatableArray());
    }
}
