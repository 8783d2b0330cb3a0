using AgentFlow.Generators.Shared;

namespace AgentFlow.Generators.Contracts;

/// <summary>What people see of a value: its members as text, the summary, and <c>ToString</c> of a record with secrets.</summary>
internal static class TextEmitter
{
    public static void Describe(SourceWriter source, ShapeModel shape)
    {
        source.Line($"public override global::System.Collections.Generic.IReadOnlyList<global::AgentFlow.SourceGeneration.MemberText> Describe({shape.Type} value) =>").Line("[").Indent();
        foreach (MemberModel member in shape.Members)
        {
            MemberModel? old = shape.Members.FirstOrDefault(m => m.Name == member.ChangedFrom);
            string oldText = old is null ? "null" : Show(old);
            bool isFree = member is { IsSensitive: false, Container: ContainerKind.None } && ValueCode.IsFreeText(member.Value);
            source.Line(isFree
                ? $"{ValueCode.Text}.Free({Naming.Literal(member.Name)}, value.{Naming.Identifier(member.Name)}, {oldText}),"
                : $"new({Naming.Literal(member.Name)}, {Show(member)}, {oldText}),");
        }

        source.Unindent().Line("];").Line();
    }

    /// <summary>An expression that fills the summary from <c>value</c>.</summary>
    public static string Summary(ShapeModel shape, MessageModel message) => message.Summary.IsEmpty
        ? "\"\""
        : string.Join(" + ", message.Summary.Select(part => part.IsMember ? Show(shape.Members.First(m => m.Name == part.Text)) : Naming.Literal(part.Text)));

    public static void PrintMembers(SourceWriter source, PrintModel print)
    {
        source.Line("/// <summary>Prints the members, sensitive ones masked.</summary>").Line(Naming.GeneratedCode)
            .Open($"{print.Modifiers} bool PrintMembers(global::System.Text.StringBuilder builder)");
        if (print.CallsBase)
            source.Line("if (base.PrintMembers(builder))").Indent().Line("builder.Append(\", \");").Unindent();
        for (int i = 0; i < print.Members.Count; i++)
        {
            PrintMember member = print.Members[i];
            string text = member.IsSensitive ? ValueCode.Text + ".Mask" : "(object?)" + "this." + Naming.Identifier(member.Name);
            source.Line($"builder.Append({Naming.Literal((i == 0 ? "" : ", ") + member.Name + " = ")}).Append({text});");
        }

        source.Line("return true;").Close().Line();
    }

    private static string Show(MemberModel member)
    {
        if (member.IsSensitive)
            return ValueCode.Text + ".Mask";
        string expression = "value." + Naming.Identifier(member.Name);
        bool maybe = member.IsNullable && (member.Container == ContainerKind.ImmutableArray || (member.Container == ContainerKind.None && member.Value.IsValueType));
        return maybe ? $"{ValueCode.Text}.Maybe({expression}, static some => {Show(member, "some")})" : Show(member, expression);
    }

    private static string Show(MemberModel member, string expression) => member.Container switch
    {
        ContainerKind.None => ValueCode.Show(member.Value, expression),
        ContainerKind.StringMap or ContainerKind.Int32Map => $"{ValueCode.Text}.Map({expression}, static item => {ValueCode.ShowItem(member.Value, "item")})",
        ContainerKind.ImmutableArray => $"{ValueCode.Text}.List({expression}.IsDefault ? [] : {expression}, static item => {ValueCode.ShowItem(member.Value, "item")})",
        _ => $"{ValueCode.Text}.List({expression}, static item => {ValueCode.ShowItem(member.Value, "item")})",
    };
}
