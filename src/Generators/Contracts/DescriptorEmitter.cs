using System.Globalization;
using AgentFlow.Generators.Shared;

namespace AgentFlow.Generators.Contracts;

/// <summary>The descriptors of a contract and of a thread state.</summary>
internal static class DescriptorEmitter
{
    private const string Api = "global::AgentFlow.SourceGeneration";

    public static void Message(SourceWriter source, ContractModel model, MessageModel message)
    {
        source.Line($"public static readonly {Api}.MessageDescriptor<{model.Shape.Type}> Descriptor = new()").Open("")
            .Line($"Name = {Naming.Literal(message.Name)},")
            .Line($"Version = {message.Version},")
            .Line("Codec = Instance,")
            .Line("ProtoText =").Indent();
        Raw(source, ProtoText.Render(model, message));
        source.Unindent().Line($"JsonSchema = {Naming.Literal(JsonSchema.Render(model, message))},");
        if (!model.OlderShapes.IsEmpty)
        {
            source.Line("CompatibleProtoTexts =").Line("[").Indent();
            foreach (string text in model.OlderShapes)
                Raw(source, text);
            source.Unindent().Line("],");
        }

        Members(source, model.Shape);
        if (!message.Approvals.IsEmpty)
        {
            source.Line("Approvals =").Line("[").Indent();
            for (int i = 0; i < message.Approvals.Count; i++)
                source.Line(Approval(message.Approvals[i], i + 1));
            source.Unindent().Line("],");
        }

        if (message.Outcome is not null)
            source.Line($"Ends = global::AgentFlow.ThreadOutcome.{message.Outcome},");
        if (message.Route is not null)
            source.Line($"Route = {Naming.Literal(message.Route)},");
        if (message.MaxHops is { } hops)
            source.Line($"MaxHops = {hops.ToString(CultureInfo.InvariantCulture)},");
        if (message.SummaryTemplate is not null)
            source.Line($"SummaryTemplate = {Naming.Literal(message.SummaryTemplate)},").Line($"Summary = static value => {TextEmitter.Summary(model.Shape, message)},");
        if (!message.Upcasts.IsEmpty)
        {
            source.Line("Upcasts =").Line("[").Indent();
            foreach (UpcastModel upcast in message.Upcasts)
                source.Line($"new({Naming.Descriptor(upcast.FromType)}, static old => {model.Shape.Type}.{Naming.Identifier(upcast.Method)}(({upcast.FromType})old)),");
            source.Unindent().Line("],");
        }

        source.Close(";").Line();
    }

    public static void State(SourceWriter source, ContractModel model, StateModel state) =>
        source.Line($"public static readonly {Api}.StateDescriptor<{model.Shape.Type}> State = new()").Open("")
            .Line($"Name = {Naming.Literal(state.Name)},")
            .Line($"Version = {state.Version},")
            .Line(state.HasConstructor ? $"Create = static () => new {model.Shape.Type}()," : "Create = Instance.CreateDefault,")
            .Line("Codec = Instance,")
            .Close(";").Line();

    private static void Raw(SourceWriter source, string text) => source.Line("\"\"\"").Line(text.TrimEnd('\n')).Line().Line("\"\"\",");

    private static void Members(SourceWriter source, ShapeModel shape)
    {
        if (shape.Members.IsEmpty)
            return;
        source.Line("Members =").Line("[").Indent();
        foreach (MemberModel member in shape.Members)
        {
            string sensitive = member.IsSensitive ? "true" : "false";
            source.Line($"new({Naming.Literal(member.Name)}, {Naming.Literal(member.JsonName)}, {member.Number}, {sensitive}, {Naming.Literal(member.ChangedFrom)}, {Naming.Literal(member.Documentation)}),");
        }

        source.Unindent().Line("],");
    }

    private static string Approval(ApprovalModel approval, int rule) =>
        $"new({rule}, {Naming.Literal(approval.Role)}, {approval.Quorum}, global::System.TimeSpan.FromTicks({approval.LifetimeTicks}L), {(approval.DenyEnds ? "true" : "false")}),";
}
