using AgentFlow.Generators.Shared;

namespace AgentFlow.Generators.Contracts;

/// <summary>The JSON half of a codec.</summary>
internal static class JsonEmitter
{
    public static void Emit(SourceWriter source, ContractModel model)
    {
        ShapeModel shape = model.Shape;
        source.Open($"public override void WriteJsonMembers(global::System.Text.Json.Utf8JsonWriter writer, {shape.Type} value)");
        foreach (MemberModel member in shape.Members)
            Write(source, member);
        source.Close().Line();

        source.Open($"public override {shape.Type} ReadJson(ref global::System.Text.Json.Utf8JsonReader reader)");
        foreach (MemberModel member in shape.Members)
            source.Line($"{LocalType(member)}? {member.Local} = null;");
        source.Line("string? name = null;").Open("try").Line($"{ValueCode.Json}.BeginObject(ref reader);");
        source.Open($"while ({ValueCode.Json}.NextMember(ref reader, out name))").Open("switch (name)");
        foreach (MemberModel member in shape.Members)
            Read(source, member);
        source.Line("default:").Indent().Line($"{ValueCode.Json}.Skip(ref reader);").Line("break;").Unindent().Close().Close().Close();
        source.Open("catch (global::System.Text.Json.JsonException failure)").Line($"throw {ValueCode.Json}.At(failure, name);").Close().Line();
        source.Line($"return {ConstructionCode.New(shape, Value, null)};").Close().Line();

        foreach (ShapeModel used in model.Shapes.Where(s => s.Kind == ShapeKind.Enum && shape.Members.Any(m => m.Value.Shape == s.Name)))
            Enum(source, used);
    }

    private static string LocalType(MemberModel member) => member.Container == ContainerKind.None ? member.Value.Type : ValueCode.Collecting(member);

    private static string Value(MemberModel member)
    {
        string local = member.IsNullable ? member.Local : $"({member.Local} ?? throw {ValueCode.Json}.Missing({Naming.Literal(member.JsonName)}))";
        return member.Container is ContainerKind.Array or ContainerKind.ImmutableArray ? Copied(member, local) : local;
    }

    private static string Copied(MemberModel member, string local) => (member.Container, member.IsNullable) switch
    {
        (ContainerKind.Array, false) => $"{local}.ToArray()",
        (ContainerKind.ImmutableArray, false) => $"global::System.Collections.Immutable.ImmutableArray.CreateRange<{member.Value.Type}>({local})",
        _ => ValueCode.Collected(member, local),
    };

    private static void Write(SourceWriter source, MemberModel member)
    {
        string expression = "value." + Naming.Identifier(member.Name);
        source.Line($"writer.WritePropertyName({Naming.Literal(member.JsonName)});");
        if (!member.IsNullable)
        {
            WriteValue(source, member, expression);
            return;
        }

        source.Open($"if ({expression} is {{ }} {member.Local})");
        WriteValue(source, member, member.Local);
        source.Close().Line("else").Indent().Line("writer.WriteNullValue();").Unindent();
    }

    private static void WriteValue(SourceWriter source, MemberModel member, string expression)
    {
        if (member.Container == ContainerKind.None)
        {
            source.Line(ValueCode.WriteJson(member.Value, expression));
        }
        else if (member.IsMap)
        {
            string key = member.Container == ContainerKind.StringMap ? "key" : "key.ToString(global::System.Globalization.CultureInfo.InvariantCulture)";
            source.Line("writer.WriteStartObject();").Open($"foreach (var key in global::AgentFlow.Protocol.Codec.WireTypes.SortedKeys({expression}))")
                .Line($"writer.WritePropertyName({key});").Line(ValueCode.WriteJson(member.Value, $"{expression}[key]")).Close().Line("writer.WriteEndObject();");
        }
        else
        {
            string items = member.Container == ContainerKind.ImmutableArray ? $"({expression}.IsDefault ? [] : {expression})" : expression;
            source.Line("writer.WriteStartArray();").Open($"foreach (var item in {items})").Line(ValueCode.WriteJson(member.Value, "item")).Close().Line("writer.WriteEndArray();");
        }
    }

    private static void Read(SourceWriter source, MemberModel member)
    {
        string method = ValueCode.ReadJsonMethod(member.Value);
        string read = member.Container switch
        {
            ContainerKind.None => $"{method}(ref reader)",
            ContainerKind.StringMap => $"{ValueCode.Json}.ReadMap<{member.Value.Type}>(ref reader, {method})",
            ContainerKind.Int32Map => $"{ValueCode.Json}.ReadInt32Map<{member.Value.Type}>(ref reader, {method})",
            _ => $"{ValueCode.Json}.ReadList<{member.Value.Type}>(ref reader, {method})",
        };

        // The cast matters: a bare null converts to ReadOnlyMemory<byte> by way of an array, and would be read as empty.
        string orNull = member.IsNullable ? $"{ValueCode.Json}.IsNull(ref reader) ? ({LocalType(member)}?)null : " : "";
        source.Line($"case {Naming.Literal(member.JsonName)}:").Indent().Line($"{ValueCode.Json}.Once({member.Local} is null);").Line($"{member.Local} = {orNull}{read};").Line("break;").Unindent();
    }

    private static void Enum(SourceWriter source, ShapeModel shape)
    {
        source.Open($"private static string? {shape.Name}Name({shape.Type} value) => value switch");
        foreach (EnumValueModel value in shape.Values.Where(static v => !v.IsAlias))
            source.Line($"{shape.Type}.{Naming.Identifier(value.Name)} => {Naming.Literal(value.Name)},");
        source.Line("_ => null,").Close(";").Line();

        source.Line($"private static string {shape.Name}Text({shape.Type} value) => {shape.Name}Name(value) ?? {ValueCode.Text}.Of((int)value);").Line();

        source.Open($"private static void {shape.Name}ToJson(global::System.Text.Json.Utf8JsonWriter writer, {shape.Type} value)")
            .Line($"if ({shape.Name}Name(value) is {{ }} name)").Indent().Line("writer.WriteStringValue(name);").Unindent()
            .Line("else").Indent().Line("writer.WriteNumberValue((int)value);").Unindent().Close().Line();

        source.Open($"private static {shape.Type} {shape.Name}FromJson(ref global::System.Text.Json.Utf8JsonReader reader)")
            .Line("if (reader.TokenType == global::System.Text.Json.JsonTokenType.Number)").Indent().Line($"return ({shape.Type}){Number(shape)}(ref reader);").Unindent()
            .Open($"return {ValueCode.Scalars}.ReadString(ref reader) switch");
        foreach (EnumValueModel value in shape.Values)
            source.Line($"{Naming.Literal(value.Name)} => {shape.Type}.{Naming.Identifier(value.Name)},");
        source.Line($"var name => throw {ValueCode.Json}.UnknownName(name),").Close(";").Close().Line();
    }

    private static string Number(ShapeModel shape) => ValueCode.Scalars + (shape.EnumRange switch
    {
        "-128, 127" => ".ReadSByte",
        "0, 255" => ".ReadByte",
        "-32768, 32767" => ".ReadInt16",
        "0, 65535" => ".ReadUInt16",
        _ => ".ReadInt32",
    });
}
