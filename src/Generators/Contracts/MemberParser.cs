using AgentFlow.Generators.Shared;
using Microsoft.CodeAnalysis;

namespace AgentFlow.Generators.Contracts;

/// <summary>The members of a message.</summary>
internal static class MemberParser
{
    public const string Field = "AgentFlow.FieldAttribute";
    public const string Sensitive = "AgentFlow.SensitiveAttribute";
    public const string ChangedFrom = "AgentFlow.ChangedFromAttribute";

    private static readonly string[] s_locals = ["value", "reader", "writer", "tag", "unknown", "end", "start", "inner", "key", "item", "name", "text", "failure"];

    public static EquatableArray<MemberModel> Parse(INamedTypeSymbol type, ShapeGraph graph, ParseReport report)
    {
        MemberSelection selection = MemberSelection.Of(type);
        ReportLost(type, selection, report);
        var members = new List<MemberModel>();
        var protoNames = new HashSet<string>();
        var jsonNames = new HashSet<string>();
        var locals = new HashSet<string>(s_locals);
        foreach ((IPropertySymbol property, IParameterSymbol? parameter) in selection.Members)
        {
            AttributeData? field = Find(property, parameter, Field);
            int number = field?.Argument<int>(0) ?? members.Count + 1;
            ReportNumber(property, field, number, members, report);
            if (field is null && IsSpread(property, selection))
                report.Add(ContractDiagnostics.FieldNumber, property.FirstLocation(), Display(property), number, "the type is declared in several parts, between which members have no order. Give it [Field(n)].");
            bool isSensitive = IsSensitive(property, parameter);
            if (Value(property, graph, report) is not var (container, value, isNullable))
                continue;
            if (report.IsListening && !isSensitive && SecretNames.LooksSecret(property.Name, value.Kind))
                report.Add(ContractDiagnostics.LooksSecret, property.FirstLocation(), Display(property));
            string local = ContractNames.CamelCase(property.Name);
            string jsonName = local;
            for (int i = 2; !jsonNames.Add(jsonName); i++)
                jsonName = local + i.ToString(System.Globalization.CultureInfo.InvariantCulture);
            while (!locals.Add(local))
                local += "Member";
            members.Add(new MemberModel(
                property.Name, jsonName, ContractNames.Unique(ContractNames.SnakeCase(property.Name), protoNames), Naming.Identifier(local), number, container, value,
                isNullable, parameter is not null, isSensitive, ChangedFromName(property, parameter, selection, report),
                Documentation.Summary(property) ?? (parameter is null ? null : Documentation.Parameter(type, parameter.Name))));
        }

        // Between the parts of a type there is no order but that of the numbers; the constructor has its own.
        bool isSpread = selection.Members.Any(m => IsSpread(m.Property, selection));
        return (isSpread ? members.OrderBy(static m => m.InConstructor ? 0 : m.Number) : members.AsEnumerable()).ToEquatableArray();
    }

    public static bool IsSensitive(IPropertySymbol property, IParameterSymbol? parameter) => Find(property, parameter, Sensitive) is not null;

    /// <summary>A member's attribute, which on a positional record stands on the parameter.</summary>
    private static AttributeData? Find(IPropertySymbol property, IParameterSymbol? parameter, string attribute) => property.Attribute(attribute) ?? parameter?.Attribute(attribute);

    private static (ContainerKind, ValueModel, bool)? Value(IPropertySymbol property, ShapeGraph graph, ParseReport report)
    {
        string reason;
        if (ValueTypes.Split(property.Type, out reason) is var (container, element, isNullable) && ValueTypes.Kind(element, out reason) is { } kind)
        {
            string? shape = kind is ValueKind.Enum or ValueKind.Message ? graph.Name((INamedTypeSymbol)element) : null;
            return (container, new ValueModel(kind, Naming.FullName(element), shape), isNullable);
        }

        if (property.Type.TypeKind != TypeKind.Error)
            report.Add(ContractDiagnostics.MemberNotSerializable, property.FirstLocation(), Display(property), $"its type is '{property.Type.ToDisplayString()}'; {reason}.");
        return null;
    }

    private static void ReportNumber(IPropertySymbol property, AttributeData? field, int number, List<MemberModel> members, ParseReport report)
    {
        Location location = field?.Location(property) ?? property.FirstLocation();
        if (FieldNumbers.Refusal(number) is { } refusal)
            report.Add(ContractDiagnostics.FieldNumber, location, Display(property), number, refusal);
        else if (members.Find(m => m.Number == number) is { } other)
            report.Add(ContractDiagnostics.FieldNumber, location, Display(property), number, $"'{other.Name}' has it. Give one of them another [Field(n)].");
    }

    private static string? ChangedFromName(IPropertySymbol property, IParameterSymbol? parameter, MemberSelection selection, ParseReport report)
    {
        if (Find(property, parameter, ChangedFrom) is not { } attribute)
            return null;
        string name = attribute.Argument<string>(0) ?? "";
        IPropertySymbol? old = selection.Members.FirstOrDefault(m => m.Property.Name == name).Property;
        if (old is null)
            report.Add(ContractDiagnostics.ChangedFromType, attribute.Location(property), Display(property), name, $"'{property.ContainingType.Name}' has no member '{name}'. Name one with nameof.");
        else if (!SymbolEqualityComparer.Default.Equals(old.Type, property.Type))
            report.Add(ContractDiagnostics.ChangedFromType, attribute.Location(property), Display(property), name, $"one is '{property.Type.ToDisplayString()}', the other '{old.Type.ToDisplayString()}'. Give both one type.");
        else
            return name;
        return null;
    }

    /// <summary>Reports what looks like a member but would be lost on the wire.</summary>
    private static void ReportLost(INamedTypeSymbol type, MemberSelection selection, ParseReport report)
    {
        if (selection.Constructor is null)
            report.Add(ContractDiagnostics.MemberNotSerializable, type.FirstLocation(), type.Name, "it needs a public constructor whose parameters have the names and types of public properties, or none.");
        foreach (ISymbol member in type.GetMembers())
        {
            if (member is IFieldSymbol { IsStatic: false, IsImplicitlyDeclared: false, DeclaredAccessibility: Accessibility.Public })
                report.Add(ContractDiagnostics.MemberNotSerializable, member.FirstLocation(), Display(member), "it is a field; make it a property.");
            else if (member is IFieldSymbol { IsStatic: false, AssociatedSymbol: IPropertySymbol { DeclaredAccessibility: Accessibility.Public } property } &&
                !selection.Members.Any(m => SymbolEqualityComparer.Default.Equals(m.Property, property)))
                report.Add(ContractDiagnostics.MemberNotSerializable, property.FirstLocation(), Display(property), "it cannot be set when a message is read; add a public 'init' or 'set', or a constructor parameter.");
        }
    }

    private static bool IsSpread(IPropertySymbol property, MemberSelection selection)
    {
        SyntaxNode? Part(IPropertySymbol p) => p.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax().FirstAncestorOrSelf<Microsoft.CodeAnalysis.CSharp.Syntax.TypeDeclarationSyntax>();
        SyntaxNode? part = Part(property);
        return selection.Members.Any(m => SymbolEqualityComparer.Default.Equals(m.Property.ContainingType, property.ContainingType) && m.Parameter is null && Part(m.Property) != part)
            && !selection.Members.Any(m => m.Parameter is not null && SymbolEqualityComparer.Default.Equals(m.Property, property));
    }

    private static string Display(ISymbol symbol) => $"{symbol.ContainingType.Name}.{symbol.Name}";
}
