using System.Text;

namespace AgentFlow.Generators.Contracts;

/// <summary>The JSON Schema (2020-12) of a contract, on one line.</summary>
internal static class JsonSchema
{
    public static string Render(ContractModel model, MessageModel message)
    {
        var text = new StringBuilder("{\"$schema\":\"https://json-schema.org/draft/2020-12/schema\",\"title\":");
        text.Append(Quote($"{message.Name}@{message.Version}"));
        if (model.Shape.Documentation is { } documentation)
            text.Append(",\"description\":").Append(Quote(documentation));
        bool isHierarchy = model.Shape.Kind == ShapeKind.Hierarchy;
        text.Append(',').Append(isHierarchy ? Cases(model.Shape) : Object(model.Shape, null));
        IEnumerable<string> definitions = model.Shapes.Where(s => s != model.Shape || IsUsed(model, s)).Select(shape => $"{Quote(shape.Name)}:{{{Definition(shape)}}}")
            .Concat(model.Shapes.Where(static s => s.Kind == ShapeKind.Hierarchy).SelectMany(s => s.Cases.Select(c => CaseDefinition(model, s, c))));
        string joined = string.Join(",", definitions);
        if (joined.Length > 0)
            text.Append(",\"$defs\":{").Append(joined).Append('}');
        return text.Append('}').ToString();
    }

    public static string Quote(string value)
    {
        var text = new StringBuilder(value.Length + 2).Append('"');
        foreach (char c in value)
        {
            if (c is '"' or '\\')
                text.Append('\\').Append(c);
            else if (c < ' ' || char.IsSurrogate(c) || c is '\u2028' or '\u2029')
                text.Append("\\u").Append(((int)c).ToString("x4", System.Globalization.CultureInfo.InvariantCulture));
            else
                text.Append(c);
        }

        return text.Append('"').ToString();
    }

    private static bool IsUsed(ContractModel model, ShapeModel shape) => model.Shapes.Any(s => s.Members.Any(m => m.Value.Shape == shape.Name));

    private static string Definition(ShapeModel shape) => shape.Kind switch
    {
        ShapeKind.Message => Object(shape, null),
        ShapeKind.Hierarchy => Cases(shape),
        _ => "\"enum\":[" + string.Join(",", shape.Values.Select(static v => Quote(v.Name))) + "]",
    };

    private static string Cases(ShapeModel shape) => "\"oneOf\":[" + string.Join(",", shape.Cases.Select(c => $"{{\"$ref\":{Quote($"#/$defs/{shape.Name}.{c.Shape}")}}}")) + "]";

    private static string CaseDefinition(ContractModel model, ShapeModel shape, CaseModel item) =>
        $"{Quote($"{shape.Name}.{item.Shape}")}:{{{Object(model.Shapes.First(s => s.Name == item.Shape), item.JsonName)}}}";

    private static string Object(ShapeModel shape, string? caseName)
    {
        var properties = shape.Members.Select(static m => $"{Quote(m.JsonName)}:{{{Member(m)}}}").ToList();
        var required = shape.Members.Where(static m => !m.IsNullable).Select(static m => Quote(m.JsonName)).ToList();
        if (caseName is not null)
        {
            properties.Insert(0, $"\"$case\":{{\"const\":{Quote(caseName)}}}");
            required.Insert(0, "\"$case\"");
        }

        return $"\"type\":\"object\",\"properties\":{{{string.Join(",", properties)}}},\"required\":[{string.Join(",", required)}],\"additionalProperties\":false";
    }

    private static string Member(MemberModel member)
    {
        string description = member.Documentation is null ? "" : $"\"description\":{Quote(member.Documentation)},";
        string item = Value(member.Value);
        string type = member.Container switch
        {
            ContainerKind.None => item,
            ContainerKind.StringMap => $"\"type\":\"object\",\"additionalProperties\":{{{item}}}",
            ContainerKind.Int32Map => $"\"type\":\"object\",\"propertyNames\":{{\"pattern\":\"^-?[0-9]+$\"}},\"additionalProperties\":{{{item}}}",
            _ => $"\"type\":\"array\",\"items\":{{{item}}}",
        };
        return description + (member.IsNullable ? $"\"anyOf\":[{{{type}}},{{\"type\":\"null\"}}]" : type);
    }

    private static string Value(ValueModel value) => value.Kind switch
    {
        ValueKind.Bool => "\"type\":\"boolean\"",
        ValueKind.SByte => Integer("-128", "127"),
        ValueKind.Byte => Integer("0", "255"),
        ValueKind.Int16 => Integer("-32768", "32767"),
        ValueKind.UInt16 => Integer("0", "65535"),
        ValueKind.Int32 => Integer("-2147483648", "2147483647"),
        ValueKind.UInt32 => Integer("0", "4294967295"),
        ValueKind.Int64 => Integer("-9223372036854775808", "9223372036854775807"),
        ValueKind.UInt64 => Integer("0", "18446744073709551615"),
        ValueKind.Single or ValueKind.Double or ValueKind.Decimal => "\"type\":\"number\"",
        ValueKind.Char => "\"type\":\"string\",\"minLength\":1,\"maxLength\":1",
        ValueKind.Bytes or ValueKind.Memory => "\"type\":\"string\",\"contentEncoding\":\"base64\"",
        ValueKind.Guid => "\"type\":\"string\",\"format\":\"uuid\"",
        ValueKind.DateTimeOffset => "\"type\":\"string\",\"format\":\"date-time\"",
        ValueKind.DateOnly => "\"type\":\"string\",\"format\":\"date\"",
        ValueKind.TimeOnly => "\"type\":\"string\",\"pattern\":\"^[0-9]{2}:[0-9]{2}:[0-9]{2}([.][0-9]{1,7})?$\"",
        ValueKind.TimeSpan => "\"type\":\"string\",\"pattern\":\"^-?([0-9]+[.])?[0-9]{2}:[0-9]{2}:[0-9]{2}([.][0-9]{7})?$\"",
        ValueKind.Uri => "\"type\":\"string\",\"format\":\"uri-reference\"",
        ValueKind.Enum or ValueKind.Message => $"\"$ref\":{Quote("#/$defs/" + value.Shape)}",
        _ => "\"type\":\"string\"",
    };

    private static string Integer(string minimum, string maximum) => $"\"type\":\"integer\",\"minimum\":{minimum},\"maximum\":{maximum}";
}
