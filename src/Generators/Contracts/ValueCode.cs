using AgentFlow.Generators.Shared;

namespace AgentFlow.Generators.Contracts;

/// <summary>The C# of single values: how each kind is written, read, compared with its default and shown.</summary>
internal static class ValueCode
{
    public const string Json = "global::AgentFlow.SourceGeneration.PayloadJson";
    public const string Scalars = "global::AgentFlow.SourceGeneration.JsonScalars";
    public const string Text = "global::AgentFlow.SourceGeneration.PayloadText";

    private const string WireTypes = "global::AgentFlow.Protocol.Codec.WireTypes";

    /// <summary>A statement that writes a value after its tag.</summary>
    public static string WriteProtobuf(ValueModel value, string expression) => value.Kind switch
    {
        ValueKind.SByte or ValueKind.Int16 => $"writer.WriteSInt32({expression});",
        ValueKind.Int32 => $"writer.WriteSInt32({expression});",
        ValueKind.Int64 => $"writer.WriteSInt64({expression});",
        ValueKind.Byte or ValueKind.UInt16 or ValueKind.Char => $"writer.WriteUInt32({expression});",
        ValueKind.Memory => $"writer.WriteBytes({expression}.Span);",
        ValueKind.Enum => $"writer.WriteInt32((int){expression});",
        ValueKind.Message => $"{Naming.Codec(value.Type)}.WriteNested(ref writer, {expression});",
        _ => $"writer.Write{value.Kind}({expression});",
    };

    /// <summary>An expression that reads a value after its tag.</summary>
    public static string ReadProtobuf(ValueModel value, string? enumRange) => value.Kind switch
    {
        ValueKind.SByte => "(sbyte)reader.ReadSInt32(-128, 127)",
        ValueKind.Int16 => "(short)reader.ReadSInt32(-32768, 32767)",
        ValueKind.Int32 => "reader.ReadSInt32()",
        ValueKind.Int64 => "reader.ReadSInt64()",
        ValueKind.Byte => "(byte)reader.ReadUInt32(255)",
        ValueKind.UInt16 => "(ushort)reader.ReadUInt32(65535)",
        ValueKind.Char => "(char)reader.ReadUInt32(65535)",
        ValueKind.Memory => "reader.ReadBytes()",
        ValueKind.Enum => $"({value.Type})reader.ReadInt32({enumRange})",
        ValueKind.Message => $"{Naming.Codec(value.Type)}.ReadNested(ref reader)",
        _ => $"reader.Read{value.Kind}()",
    };

    /// <summary>The value that an absent field stands for; null for a message, which is made later.</summary>
    public static string Default(ValueModel value) => value.Kind switch
    {
        ValueKind.String => "\"\"",
        ValueKind.Bytes => "[]",
        ValueKind.Uri => $"{WireTypes}.EmptyUri",
        ValueKind.Message => "null",
        _ => "default",
    };

    /// <summary>A condition: the value is not the one that an absent field stands for. Null for a message, which is always written.</summary>
    public static string? IsNotDefault(ValueModel value, string expression) => value.Kind switch
    {
        ValueKind.Bool => expression,
        ValueKind.String => $"{expression} is not \"\"",
        ValueKind.Bytes or ValueKind.Memory => $"{expression}.Length != 0",
        ValueKind.Uri => $"{expression}.OriginalString.Length != 0",
        ValueKind.Single => $"global::System.BitConverter.SingleToInt32Bits({expression}) != 0",
        ValueKind.Double => $"global::System.BitConverter.DoubleToInt64Bits({expression}) != 0",
        ValueKind.Decimal or ValueKind.DateTimeOffset => $"!{WireTypes}.IsDefault({expression})",
        ValueKind.Char => $"{expression} != '\\0'",
        ValueKind.Message => null,
        ValueKind.Guid or ValueKind.DateOnly or ValueKind.TimeOnly or ValueKind.TimeSpan or ValueKind.Enum => $"{expression} != default",
        _ => $"{expression} != 0",
    };

    /// <summary>A statement that writes a JSON value.</summary>
    public static string WriteJson(ValueModel value, string expression) => value.Kind switch
    {
        ValueKind.Bool => $"writer.WriteBooleanValue({expression});",
        ValueKind.String or ValueKind.Guid or ValueKind.DateTimeOffset => $"writer.WriteStringValue({expression});",
        ValueKind.Bytes => $"writer.WriteBase64StringValue({expression});",
        ValueKind.Memory => $"writer.WriteBase64StringValue({expression}.Span);",
        ValueKind.Char or ValueKind.Single or ValueKind.Double or ValueKind.DateOnly or ValueKind.TimeOnly or ValueKind.TimeSpan or ValueKind.Uri =>
            $"{Scalars}.Write{value.Kind}(writer, {expression});",
        ValueKind.Enum => $"{value.Shape}ToJson(writer, {expression});",
        ValueKind.Message => $"{Naming.Codec(value.Type)}.WriteJson(writer, {expression});",
        _ => $"writer.WriteNumberValue({expression});",
    };

    /// <summary>The method that reads a JSON value.</summary>
    public static string ReadJsonMethod(ValueModel value) => value.Kind switch
    {
        ValueKind.Enum => $"{value.Shape}FromJson",
        ValueKind.Message => $"{Naming.Codec(value.Type)}.ReadJson",
        _ => $"{Scalars}.Read{value.Kind}",
    };

    /// <summary>An expression of the text that people see.</summary>
    public static string Show(ValueModel value, string expression) => value.Kind switch
    {
        ValueKind.Enum => $"{value.Shape}Text({expression})",
        ValueKind.Message => $"{Text}.Of({Naming.Codec(value.Type)}, {expression})",
        _ => $"{Text}.Of({expression})",
    };

    /// <summary>Whether whoever writes the payload chooses every character of the text.</summary>
    public static bool IsFreeText(ValueModel value) => value.Kind is ValueKind.String or ValueKind.Char or ValueKind.Uri;

    /// <summary>An expression of the text of an item in a list or map: free text in quotes.</summary>
    public static string ShowItem(ValueModel value, string expression) => IsFreeText(value) ? $"{Text}.Quoted({expression})" : Show(value, expression);

    /// <summary>The type of a list or map that is being read.</summary>
    public static string Collecting(MemberModel member) => member.Container switch
    {
        ContainerKind.StringMap => $"global::System.Collections.Generic.Dictionary<string, {member.Value.Type}>",
        ContainerKind.Int32Map => $"global::System.Collections.Generic.Dictionary<int, {member.Value.Type}>",
        _ => $"global::System.Collections.Generic.List<{member.Value.Type}>",
    };

    /// <summary>From the list or map that was read, perhaps null, to the member's value.</summary>
    public static string Collected(MemberModel member, string local) => (member.Container, member.IsNullable) switch
    {
        (ContainerKind.Array, true) => $"{local}?.ToArray()",
        (ContainerKind.Array, false) => $"{local}?.ToArray() ?? []",
        (ContainerKind.ImmutableArray, true) =>
            $"{local} is null ? null : global::System.Collections.Immutable.ImmutableArray.CreateRange<{member.Value.Type}>({local})",
        (ContainerKind.ImmutableArray, false) => $"global::System.Collections.Immutable.ImmutableArray.CreateRange<{member.Value.Type}>({local} ?? [])",
        (_, true) => local,
        (ContainerKind.List, false) => $"{local} ?? []",
        _ => $"{local} ?? new {Collecting(member)}()",
    };
}
