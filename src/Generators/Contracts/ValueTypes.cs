using AgentFlow.Generators.Shared;
using Microsoft.CodeAnalysis;

namespace AgentFlow.Generators.Contracts;

/// <summary>Which .NET types have an encoding, and as what.</summary>
internal static class ValueTypes
{
    private static readonly Dictionary<string, ValueKind> s_systemTypes = new(StringComparer.Ordinal)
    {
        ["Guid"] = ValueKind.Guid,
        ["DateTimeOffset"] = ValueKind.DateTimeOffset,
        ["DateOnly"] = ValueKind.DateOnly,
        ["TimeOnly"] = ValueKind.TimeOnly,
        ["TimeSpan"] = ValueKind.TimeSpan,
        ["Uri"] = ValueKind.Uri,
    };

    /// <summary>Splits a member's type into container, element and nullability. Null for a type that has no encoding; the reason says what to do.</summary>
    public static (ContainerKind Container, ITypeSymbol Element, bool IsNullable)? Split(ITypeSymbol type, out string reason)
    {
        reason = "";
        bool isNullable = type.NullableAnnotation == NullableAnnotation.Annotated;
        if (type is INamedTypeSymbol { OriginalDefinition.SpecialType: SpecialType.System_Nullable_T } nullable)
            (type, isNullable) = (nullable.TypeArguments[0], true);
        (ContainerKind container, ITypeSymbol element) = Container(type);
        if (container == ContainerKind.None)
            return (container, type, isNullable);
        if (element.NullableAnnotation == NullableAnnotation.Annotated || element is INamedTypeSymbol { OriginalDefinition.SpecialType: SpecialType.System_Nullable_T })
            reason = "an element cannot be null on the wire; wrap it in a [Payload] record";
        else if (Container(element).Kind != ContainerKind.None)
            reason = "a collection cannot hold collections; wrap the inner one in a [Payload] record";
        return reason.Length == 0 ? (container, element, isNullable) : null;
    }

    /// <summary>The kind of a single value, or null where it has no encoding.</summary>
    public static ValueKind? Kind(ITypeSymbol type, out string reason)
    {
        reason = "";
        switch (type.SpecialType)
        {
            case SpecialType.System_Boolean: return ValueKind.Bool;
            case SpecialType.System_SByte: return ValueKind.SByte;
            case SpecialType.System_Byte: return ValueKind.Byte;
            case SpecialType.System_Int16: return ValueKind.Int16;
            case SpecialType.System_UInt16: return ValueKind.UInt16;
            case SpecialType.System_Int32: return ValueKind.Int32;
            case SpecialType.System_UInt32: return ValueKind.UInt32;
            case SpecialType.System_Int64: return ValueKind.Int64;
            case SpecialType.System_UInt64: return ValueKind.UInt64;
            case SpecialType.System_Char: return ValueKind.Char;
            case SpecialType.System_Single: return ValueKind.Single;
            case SpecialType.System_Double: return ValueKind.Double;
            case SpecialType.System_Decimal: return ValueKind.Decimal;
            case SpecialType.System_String: return ValueKind.String;
            case SpecialType.System_DateTime:
                reason = "DateTime does not say its offset; use DateTimeOffset";
                return null;
        }

        if (type is IArrayTypeSymbol { Rank: 1, ElementType.SpecialType: SpecialType.System_Byte })
            return ValueKind.Bytes;
        if (type is not INamedTypeSymbol named)
            return NoEncoding(type, out reason);
        if (IsIn(named, "System") && !named.IsGenericType && s_systemTypes.TryGetValue(named.Name, out ValueKind kind))
            return kind;
        if (IsIn(named, "System") && named is { Name: "ReadOnlyMemory", TypeArguments.Length: 1 } && named.TypeArguments[0].SpecialType == SpecialType.System_Byte)
            return ValueKind.Memory;
        if (named.TypeKind == TypeKind.Enum)
            return EnumRange(named, out reason) ? ValueKind.Enum : null;
        return named.TypeKind == TypeKind.Class && ContractFacts.HasCodec(named) ? ValueKind.Message : NoEncoding(type, out reason);
    }

    /// <summary>The range of an enum's underlying type; false where it exceeds int.</summary>
    public static bool EnumRange(INamedTypeSymbol type, out string rangeOrReason)
    {
        rangeOrReason = type.EnumUnderlyingType?.SpecialType switch
        {
            SpecialType.System_Int32 => "",
            SpecialType.System_SByte => "-128, 127",
            SpecialType.System_Byte => "0, 255",
            SpecialType.System_Int16 => "-32768, 32767",
            SpecialType.System_UInt16 => "0, 65535",
            _ => "!",
        };
        if (rangeOrReason != "!")
            return true;
        rangeOrReason = $"an enum on the wire has 32 bits; derive '{type.Name}' from int";
        return false;
    }

    private static (ContainerKind Kind, ITypeSymbol Element) Container(ITypeSymbol type)
    {
        switch (type)
        {
            case IArrayTypeSymbol { Rank: 1, ElementType.SpecialType: not SpecialType.System_Byte } array:
                return (ContainerKind.Array, array.ElementType);
            case INamedTypeSymbol { TypeArguments.Length: 1, Name: "List" or "IReadOnlyList" or "IReadOnlyCollection" } list when IsIn(list, "System.Collections.Generic"):
                return (ContainerKind.List, list.TypeArguments[0]);
            case INamedTypeSymbol { TypeArguments.Length: 1, Name: "ImmutableArray" } immutable when IsIn(immutable, "System.Collections.Immutable"):
                return (ContainerKind.ImmutableArray, immutable.TypeArguments[0]);
            case INamedTypeSymbol { TypeArguments.Length: 2, Name: "Dictionary" or "IReadOnlyDictionary" } map
                when IsIn(map, "System.Collections.Generic") && map.TypeArguments[0].SpecialType is (SpecialType.System_String or SpecialType.System_Int32):
                return (map.TypeArguments[0].SpecialType == SpecialType.System_String ? ContainerKind.StringMap : ContainerKind.Int32Map, map.TypeArguments[1]);
            default:
                return (ContainerKind.None, type);
        }
    }

    private static ValueKind? NoEncoding(ITypeSymbol type, out string reason)
    {
        reason = type switch
        {
            INamedTypeSymbol { TypeKind: TypeKind.Class } own when own.Locations.Any(static l => l.IsInSource) => $"mark '{own.Name}' with [Payload] and make it partial",
            INamedTypeSymbol { TypeKind: TypeKind.Struct } own when own.Locations.Any(static l => l.IsInSource) => $"make '{own.Name}' a partial [Payload] record class",
            INamedTypeSymbol { Name: "Dictionary" or "IReadOnlyDictionary" } => "the keys of a map are string or int",
            _ => "use a primitive, string, enum, Guid, DateTimeOffset, TimeSpan, Uri, a [Payload] type, or an array, List, ImmutableArray or Dictionary of them",
        };
        return null;
    }

    private static bool IsIn(INamedTypeSymbol type, string containingNamespace) => type.ContainingType is null && type.ContainingNamespace.ToDisplayString() == containingNamespace;
}
