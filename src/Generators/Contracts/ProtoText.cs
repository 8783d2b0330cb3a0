using System.Globalization;
using System.Text;

namespace AgentFlow.Generators.Contracts;

/// <summary>The <c>.proto</c> of a contract, whose hash is its schema hash: LF, two spaces, fields by number, no comments. One package for each version of a contract.</summary>
internal static class ProtoText
{
    public static string Render(ContractModel model, MessageModel message)
    {
        var text = new StringBuilder("syntax = \"proto3\";\n\n");
        text.Append("package ").Append(message.Name.Replace('-', '_')).Append(".v").Append(message.Version.ToString(CultureInfo.InvariantCulture)).Append(";\n");
        var enumValues = new HashSet<string>();
        foreach (ShapeModel shape in model.Shapes)
        {
            text.Append('\n');
            switch (shape.Kind)
            {
                case ShapeKind.Message:
                    Message(text, shape);
                    break;
                case ShapeKind.Hierarchy:
                    Hierarchy(text, shape);
                    break;
                default:
                    Enum(text, shape, enumValues);
                    break;
            }
        }

        if (model.Shapes.Any(static s => s.Members.Any(static m => m.Value.Kind == ValueKind.DateTimeOffset)))
            text.Append("\nmessage ").Append(ShapeGraph.Instant).Append(" {\n  sint64 unix_100ns = 1;\n  sint32 offset_minutes = 2;\n}\n");
        return text.ToString();
    }

    private static void Message(StringBuilder text, ShapeModel shape)
    {
        text.Append("message ").Append(shape.Name).Append(" {\n");
        foreach (MemberModel member in shape.Members.OrderBy(static m => m.Number))
            text.Append("  ").Append(Type(member)).Append(' ').Append(member.ProtoName).Append(" = ").Append(member.Number.ToString(CultureInfo.InvariantCulture)).Append(";\n");
        text.Append("}\n");
    }

    private static void Hierarchy(StringBuilder text, ShapeModel shape)
    {
        text.Append("message ").Append(shape.Name).Append(" {\n  oneof case {\n");
        foreach (CaseModel item in shape.Cases)
            text.Append("    ").Append(item.Shape).Append(' ').Append(item.ProtoName).Append(" = ").Append(item.Number.ToString(CultureInfo.InvariantCulture)).Append(";\n");
        text.Append("  }\n}\n");
    }

    private static void Enum(StringBuilder text, ShapeModel shape, HashSet<string> taken)
    {
        string prefix = ContractNames.SnakeCase(shape.Name).ToUpperInvariant() + "_";
        text.Append("enum ").Append(shape.Name).Append(" {\n");
        if (shape.Values.Any(static v => v.IsAlias))
            text.Append("  option allow_alias = true;\n");

        // proto3 wants the zero first, and there must be one.
        if (!shape.Values.Any(static v => v.Number == 0))
            Value("UNSPECIFIED", 0);
        foreach (EnumValueModel value in shape.Values.OrderBy(static v => v.Number != 0).ThenBy(static v => v.Number))
            Value(ContractNames.SnakeCase(value.Name).ToUpperInvariant(), value.Number);
        text.Append("}\n");

        void Value(string name, int number) =>
            text.Append("  ").Append(ContractNames.Unique(prefix + name, taken)).Append(" = ").Append(number.ToString(CultureInfo.InvariantCulture)).Append(";\n");
    }

    private static string Type(MemberModel member)
    {
        string type = Type(member.Value);
        return member.Container switch
        {
            ContainerKind.StringMap => $"map<string, {type}>",
            ContainerKind.Int32Map => $"map<sint32, {type}>",
            ContainerKind.None => member.IsNullable && member.Value.Kind is not (ValueKind.Message or ValueKind.DateTimeOffset) ? "optional " + type : type,
            _ => "repeated " + type,
        };
    }

    private static string Type(ValueModel value) => value.Kind switch
    {
        ValueKind.Bool => "bool",
        ValueKind.SByte or ValueKind.Int16 or ValueKind.Int32 or ValueKind.DateOnly => "sint32",
        ValueKind.Byte or ValueKind.UInt16 or ValueKind.UInt32 or ValueKind.Char => "uint32",
        ValueKind.Int64 or ValueKind.TimeOnly or ValueKind.TimeSpan => "sint64",
        ValueKind.UInt64 => "uint64",
        ValueKind.Single => "float",
        ValueKind.Double => "double",
        ValueKind.String or ValueKind.Uri => "string",
        ValueKind.DateTimeOffset => ShapeGraph.Instant,
        ValueKind.Enum or ValueKind.Message => value.Shape!,
        _ => "bytes",
    };
}
