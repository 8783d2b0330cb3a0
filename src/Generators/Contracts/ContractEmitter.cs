using AgentFlow.Generators.Shared;
using Microsoft.CodeAnalysis.Text;

namespace AgentFlow.Generators.Contracts;

/// <summary>The file of one contract type: its accessors, its codec and its descriptor.</summary>
internal static class ContractEmitter
{
    private const string Api = "global::AgentFlow.SourceGeneration";
    private const string Summary = "/// <summary>Called by generated code; not for direct use.</summary>";

    public static SourceText Emit(ContractModel model)
    {
        SourceWriter source = new SourceWriter().Line(Naming.Header.TrimEnd('\n'))
            .Line("// A member may be obsolete for users and still be on the wire.").Line("#pragma warning disable CS0612, CS0618").Line()
            .Line("using global::AgentFlow.Protocol.Codec;").Line();
        if (model.Namespace is not null)
            source.Line($"namespace {model.Namespace};").Line();
        foreach (string container in model.Containers)
            source.Open(container);
        source.Open(model.Head);
        Accessors(source, model);
        if (model.Printing is not null)
            TextEmitter.PrintMembers(source, model.Printing);
        Codec(source, model);
        source.Close();
        for (int i = 0; i < model.Containers.Count; i++)
            source.Close();
        return source.ToSourceText();
    }

    private static string CodecName(ContractModel model) => $"Generated{model.Name}Codec";

    private static void Accessors(SourceWriter source, ContractModel model)
    {
        if (model.Shape.Kind == ShapeKind.Message)
            source.Line("private global::AgentFlow.Protocol.Codec.UnknownFields _unknownFields;").Line();
        Accessor(source, model.HidesCodec, $"{Api}.PayloadCodec<{model.Shape.Type}> AgentFlowCodec => {CodecName(model)}.Instance;");
        if (model.Message is not null)
            Accessor(source, model.HidesDescriptor, $"{Api}.MessageDescriptor<{model.Shape.Type}> AgentFlowDescriptor => {CodecName(model)}.Descriptor;");
        if (model.State is not null)
            Accessor(source, false, $"{Api}.StateDescriptor<{model.Shape.Type}> AgentFlowState => {CodecName(model)}.State;");
    }

    private static void Accessor(SourceWriter source, bool hides, string declaration) =>
        source.Line(Summary).Line(Naming.Hidden).Line(Naming.GeneratedCode).Line($"public static {(hides ? "new " : "")}{declaration}").Line();

    private static void Codec(SourceWriter source, ContractModel model)
    {
        source.Line(Naming.GeneratedCode).Open($"private sealed class {CodecName(model)} : {Api}.PayloadCodec<{model.Shape.Type}>")
            .Line($"public static readonly {CodecName(model)} Instance = new();").Line();
        if (model.Message is not null)
            DescriptorEmitter.Message(source, model, model.Message);
        if (model.State is not null)
            DescriptorEmitter.State(source, model, model.State);
        if (model.Shape.Kind == ShapeKind.Hierarchy)
        {
            HierarchyEmitter.Emit(source, model);
        }
        else
        {
            ProtobufEmitter.Emit(source, model);
            TextEmitter.Describe(source, model.Shape);
            JsonEmitter.Emit(source, model);
        }

        source.Close();
    }
}
