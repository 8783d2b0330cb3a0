using AgentFlow.Generators.Shared;
using Microsoft.CodeAnalysis;

namespace AgentFlow.Generators.Contracts;

/// <summary>Collects the shapes that a contract consists of: its own and everything that it holds, each under a name of its own.</summary>
internal sealed class ShapeGraph
{
    public const string Instant = "DateTimeOffset";

    private readonly Dictionary<ISymbol, string> _names = new(SymbolEqualityComparer.Default);
    private readonly HashSet<string> _taken = ["datetimeoffset"];
    private readonly Queue<INamedTypeSymbol> _open = new();

    /// <summary>The name of a shape; a type that was not seen yet will be parsed.</summary>
    public string Name(INamedTypeSymbol type)
    {
        if (_names.TryGetValue(type, out string? name))
            return name;
        string wanted = type.Attribute(ContractFacts.Message)?.Argument<string>(0) is { } wire && ContractNames.IsWireName(wire)
            ? ContractNames.PascalCase(wire.Substring(wire.LastIndexOf('.') + 1))
            : ContractNames.Ascii(type.Name, "M");
        name = ContractNames.Unique(wanted, _taken);
        _names.Add(type, name);
        _open.Enqueue(type);
        return name;
    }

    /// <summary>The shape of a type and of everything that it holds: its own first, the others by name.</summary>
    public EquatableArray<ShapeModel> Parse(INamedTypeSymbol root, ParseReport report)
    {
        Name(root);
        var shapes = new List<ShapeModel>();
        while (_open.Count > 0)
        {
            INamedTypeSymbol type = _open.Dequeue();
            bool isRoot = shapes.Count == 0;
            shapes.Add(type.TypeKind == TypeKind.Enum ? EnumShape(type) : MessageShape(type, isRoot ? report : new ParseReport(null)));
        }

        return shapes.Take(1).Concat(shapes.Skip(1).OrderBy(static s => s.Name, StringComparer.Ordinal)).ToEquatableArray();
    }

    private ShapeModel MessageShape(INamedTypeSymbol type, ParseReport report)
    {
        string? documentation = Documentation.Summary(type);
        bool isHierarchy = type.IsAbstract || type.Attribute(ContractFacts.Case) is not null;
        return isHierarchy
            ? new ShapeModel(Name(type), Naming.FullName(type), ShapeKind.Hierarchy, default, CaseParser.Parse(type, this, report), default, null, documentation)
            : new ShapeModel(Name(type), Naming.FullName(type), ShapeKind.Message, MemberParser.Parse(type, this, report), default, default, null, documentation);
    }

    private ShapeModel EnumShape(INamedTypeSymbol type)
    {
        ValueTypes.EnumRange(type, out string range);
        var seen = new HashSet<int>();
        var values = new List<EnumValueModel>();
        foreach (IFieldSymbol field in type.GetMembers().OfType<IFieldSymbol>().Where(static f => f.HasConstantValue))
        {
            int number = Convert.ToInt32(field.ConstantValue, System.Globalization.CultureInfo.InvariantCulture);
            values.Add(new EnumValueModel(field.Name, number, !seen.Add(number)));
        }

        return new ShapeModel(Name(type), Naming.FullName(type), ShapeKind.Enum, default, default, values.ToEquatableArray(), range.Length == 0 ? null : range, null);
    }
}
