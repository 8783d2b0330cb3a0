using AgentFlow.Generators.Shared;

namespace AgentFlow.Generators.Contracts;

/// <summary>The protobuf half of a codec. Fields are written by number; what was not known when it was read comes last.</summary>
internal static class ProtobufEmitter
{
    public static void Emit(SourceWriter source, ContractModel model)
    {
        ShapeModel shape = model.Shape;
        source.Open($"public override void WriteProtobuf(ref global::AgentFlow.Protocol.Codec.ProtobufWriter writer, {shape.Type} value)");
        foreach (MemberModel member in shape.Members.OrderBy(static m => m.Number))
            Write(source, member);
        source.Line("writer.WriteRaw(value._unknownFields.Span);").Close().Line();

        source.Open($"public override {shape.Type}? ReadProtobuf(ref global::AgentFlow.Protocol.Codec.ProtobufReader reader)");
        foreach (MemberModel member in shape.Members)
            source.Line(Declare(member));
        source.Line("global::AgentFlow.Protocol.Codec.UnknownFields unknown = default;");
        source.Open("for (uint tag; (tag = reader.ReadTag()) != 0;)").Open("switch (tag)");
        foreach (MemberModel member in shape.Members)
            Read(source, member, Range(model, member.Value));
        source.Line("default:").Indent().Line("reader.Skip(tag, ref unknown);").Line("break;").Unindent();
        source.Close().Close().Line();
        foreach (MemberModel member in shape.Members.Where(static m => IsRequiredMessage(m)))
            source.Line($"{member.Local} ??= {Naming.Codec(member.Value.Type)}.ReadAbsent(ref reader);");
        source.Line($"return reader.Failed ? null : {ConstructionCode.New(shape, Value, "unknown")};").Close().Line();
    }

    /// <summary>The range argument that reading an enum needs.</summary>
    public static string? Range(ContractModel model, ValueModel value) =>
        value.Kind == ValueKind.Enum ? model.Shapes.First(s => s.Name == value.Shape).EnumRange : null;

    private static bool IsRequiredMessage(MemberModel member) => member is { Container: ContainerKind.None, IsNullable: false, Value.Kind: ValueKind.Message };

    private static string Value(MemberModel member) =>
        member.Container != ContainerKind.None ? ValueCode.Collected(member, member.Local) : IsRequiredMessage(member) ? member.Local + "!" : member.Local;

    private static string Declare(MemberModel member)
    {
        if (member.Container != ContainerKind.None)
            return $"{ValueCode.Collecting(member)}? {member.Local} = null;";
        bool isNull = member.IsNullable || member.Value.Kind == ValueKind.Message;
        return $"{member.Value.Type}{(isNull ? "?" : "")} {member.Local} = {(isNull ? "null" : ValueCode.Default(member.Value))};";
    }

    private static void Write(SourceWriter source, MemberModel member)
    {
        string expression = "value." + Naming.Identifier(member.Name);
        if (member.IsNullable)
        {
            source.Open($"if ({expression} is {{ }} {member.Local})");
            WriteValue(source, member, member.Local);
            source.Close();
        }
        else if (member.Container == ContainerKind.None && ValueCode.IsNotDefault(member.Value, expression) is { } condition)
        {
            source.Open($"if ({condition})");
            WriteValue(source, member, expression);
            source.Close();
        }
        else
        {
            WriteValue(source, member, expression);
        }
    }

    private static void WriteValue(SourceWriter source, MemberModel member, string expression)
    {
        string tag = $"writer.WriteTag({member.Tag});";
        if (member.IsMap)
        {
            source.Open($"foreach (var key in global::AgentFlow.Protocol.Codec.WireTypes.SortedKeys({expression}))")
                .Line(tag).Line("int start = writer.BeginLength();")
                .Line($"writer.WriteTag({KeyTag(member)});").Line(member.Container == ContainerKind.StringMap ? "writer.WriteString(key);" : "writer.WriteSInt32(key);")
                .Line($"writer.WriteTag({Wire.Tag(2, member.Value.WireType)});").Line(ValueCode.WriteProtobuf(member.Value, $"{expression}[key]"))
                .Line("writer.EndLength(start);").Close();
        }
        else if (member.Container == ContainerKind.None)
        {
            source.Line(tag).Line(ValueCode.WriteProtobuf(member.Value, expression));
        }
        else if (member.Value.IsPacked)
        {
            source.Open($"if ({HasItems(member, expression)})").Line(tag).Line("int start = writer.BeginLength();")
                .Open($"foreach (var item in {expression})").Line(ValueCode.WriteProtobuf(member.Value, "item")).Close()
                .Line("writer.EndLength(start);").Close();
        }
        else if (member.Container == ContainerKind.ImmutableArray)
        {
            source.Open($"if ({HasItems(member, expression)})").Open($"foreach (var item in {expression})").Line(tag).Line(ValueCode.WriteProtobuf(member.Value, "item")).Close().Close();
        }
        else
        {
            source.Open($"foreach (var item in {expression})").Line(tag).Line(ValueCode.WriteProtobuf(member.Value, "item")).Close();
        }
    }

    private static string HasItems(MemberModel member, string expression) => member.Container switch
    {
        ContainerKind.ImmutableArray => $"!{expression}.IsDefaultOrEmpty",
        ContainerKind.Array => $"{expression}.Length != 0",
        _ => $"{expression}.Count != 0",
    };

    private static uint KeyTag(MemberModel member) => Wire.Tag(1, member.Container == ContainerKind.StringMap ? 2 : 0);

    private static void Read(SourceWriter source, MemberModel member, string? enumRange)
    {
        string read = ValueCode.ReadProtobuf(member.Value, enumRange);
        string forced = member.Value.Kind == ValueKind.Message ? read + "!" : read;
        if (member.IsMap)
        {
            ReadMap(source, member, read);
            return;
        }

        if (member.Container == ContainerKind.None)
        {
            source.Line($"case {member.Tag}:").Indent().Line($"{member.Local} = {read};").Line("break;").Unindent();
            return;
        }

        // Readers take both forms of a repeated number, whichever they write.
        string add = $"({member.Local} ??= []).Add({forced});";
        if (member.Value.IsPacked)
        {
            source.Line($"case {member.Tag}:").Open("").Line("int end = reader.BeginLength();").Open("while (reader.HasMore)").Line(add).Close()
                .Line("reader.EndLength(end);").Line("break;").Close();
        }

        source.Line($"case {Wire.Tag(member.Number, member.Value.WireType)}:").Indent().Line(add).Line("break;").Unindent();
    }

    private static void ReadMap(SourceWriter source, MemberModel member, string read)
    {
        bool isMessage = member.Value.Kind == ValueKind.Message;
        bool isText = member.Container == ContainerKind.StringMap;
        source.Line($"case {member.Tag}:").Open("").Line("int end = reader.BeginMessage();")
            .Line(isText ? "string key = \"\";" : "int key = 0;")
            .Line($"{member.Value.Type}{(isMessage ? "?" : "")} item = {ValueCode.Default(member.Value)};")
            .Open("for (uint inner; (inner = reader.ReadTag()) != 0;)").Open("switch (inner)")
            .Line($"case {KeyTag(member)}:").Indent().Line(isText ? "key = reader.ReadString();" : "key = reader.ReadSInt32();").Line("break;").Unindent()
            .Line($"case {Wire.Tag(2, member.Value.WireType)}:").Indent().Line($"item = {read};").Line("break;").Unindent()
            .Line("default:").Indent().Line("reader.Skip(inner);").Line("break;").Unindent().Close().Close();
        if (isMessage)
            source.Line($"item ??= {Naming.Codec(member.Value.Type)}.ReadAbsent(ref reader);");
        source.Line("reader.EndMessage(end);").Line($"({member.Local} ??= [])[key] = item{(isMessage ? "!" : "")};").Line("break;").Close();
    }
}
