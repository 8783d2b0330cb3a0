using AgentFlow.Generators.Shared;

namespace AgentFlow.Generators.Contracts;

/// <summary>The codec of a closed hierarchy: a protobuf <c>oneof</c>, and <c>$case</c> in JSON.</summary>
internal static class HierarchyEmitter
{
    public static void Emit(SourceWriter source, ContractModel model)
    {
        ShapeModel shape = model.Shape;
        string noCase = $"throw new global::System.ArgumentException($\"'{{value?.GetType().Name}}' is no [Case] of {model.Name}.\", nameof(value))";
        source.Open($"public override void WriteProtobuf(ref global::AgentFlow.Protocol.Codec.ProtobufWriter writer, {shape.Type} value)").Open("switch (value)");
        foreach (CaseModel item in shape.Cases)
        {
            source.Line($"case {item.Type} @case:").Indent().Line($"writer.WriteTag({Wire.Tag(item.Number, 2)});")
                .Line($"{Naming.Codec(item.Type)}.WriteNested(ref writer, @case);").Line("break;").Unindent();
        }

        source.Line("default:").Indent().Line(noCase + ";").Unindent().Close().Close().Line();

        source.Open($"public override {shape.Type}? ReadProtobuf(ref global::AgentFlow.Protocol.Codec.ProtobufReader reader)").Line($"{shape.Type}? value = null;")
            .Open("for (uint tag; (tag = reader.ReadTag()) != 0;)").Open("switch (tag)");
        foreach (CaseModel item in shape.Cases)
            source.Line($"case {Wire.Tag(item.Number, 2)}:").Indent().Line($"value = {Naming.Codec(item.Type)}.ReadNested(ref reader);").Line("break;").Unindent();
        source.Line("default:").Indent().Line("reader.Skip(tag);").Line("break;").Unindent().Close().Close().Line()
            .Line("// A case that only newer code knows cannot be represented.").Line("if (value is null)").Indent().Line("reader.Fail();").Unindent()
            .Line("return reader.Failed ? null : value;").Close().Line();

        source.Open($"public override void WriteJsonMembers(global::System.Text.Json.Utf8JsonWriter writer, {shape.Type} value)").Open("switch (value)");
        foreach (CaseModel item in shape.Cases)
        {
            source.Line($"case {item.Type} @case:").Indent().Line($"writer.WriteString(\"$case\", {Naming.Literal(item.JsonName)});")
                .Line($"{Naming.Codec(item.Type)}.WriteJsonMembers(writer, @case);").Line("break;").Unindent();
        }

        source.Line("default:").Indent().Line(noCase + ";").Unindent().Close().Close().Line();

        source.Open($"public override {shape.Type} ReadJson(ref global::System.Text.Json.Utf8JsonReader reader) => {ValueCode.Json}.ReadCase(reader) switch");
        foreach (CaseModel item in shape.Cases)
            source.Line($"{Naming.Literal(item.JsonName)} => {Naming.Codec(item.Type)}.ReadJson(ref reader),");
        source.Line($"var name => throw {ValueCode.Json}.At({ValueCode.Json}.UnknownName(name), \"$case\"),").Close(";").Line();

        source.Open($"public override global::System.Collections.Generic.IReadOnlyList<global::AgentFlow.SourceGeneration.MemberText> Describe({shape.Type} value) => value switch");
        foreach (CaseModel item in shape.Cases)
            source.Line($"{item.Type} @case => {ValueCode.Text}.Case({Naming.Literal(item.JsonName)}, {Naming.Codec(item.Type)}.Describe(@case)),");
        source.Line($"_ => {noCase},").Close(";").Line();
    }
}
