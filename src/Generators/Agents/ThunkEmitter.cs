using System.Globalization;
using AgentFlow.Generators.Graph;
using AgentFlow.Generators.Shared;

namespace AgentFlow.Generators.Agents;

/// <summary>Writes the method that calls one handler: casts, a call, and one <c>Emit</c> for each message that may come back.</summary>
internal static class ThunkEmitter
{
    private const string Context = "context";

    // The pooled builder keeps the thunk of a handler that suspends from allocating a state machine of its own.
    private const string Pooled =
        "[global::System.Runtime.CompilerServices.AsyncMethodBuilder(typeof(global::System.Runtime.CompilerServices.PoolingAsyncValueTaskMethodBuilder))]";

    public static void Emit(SourceWriter writer, AgentModel agent, HandlerModel handler, string name)
    {
        bool isAsync = handler.Return.Form != ReturnForm.Value;
        writer.Line(isAsync ? Pooled : null)
            .Open($"private static {(isAsync ? "async " : "")}global::System.Threading.Tasks.ValueTask {name}"
                + $"(object agent, object message, global::AgentFlow.MessageContext {Context})");
        string call = Call(agent, handler);
        switch (handler.Return.Form)
        {
            case ReturnForm.Value:
                Send(writer, handler.Return.Shape, call);
                writer.Line("return default;");
                break;
            case ReturnForm.Awaitable:
                Send(writer, handler.Return.Shape, $"await {call}.ConfigureAwait(false)");
                break;
            case ReturnForm.Stream:
                const string Extensions = "global::System.Threading.Tasks.TaskAsyncEnumerableExtensions.";
                writer.Open($"await foreach (var item in {Extensions}WithCancellation({call}, {Context}.CancellationToken).ConfigureAwait(false))");
                Send(writer, handler.Return.Shape, "item");
                writer.Close();
                break;
        }

        writer.Close();
    }

    private static string Call(AgentModel agent, HandlerModel handler)
    {
        string taken = handler.Kind == RouteKind.Message ? handler.Contract.TypeName : $"global::AgentFlow.{handler.Kind}<{handler.Contract.TypeName}>";
        IEnumerable<string> rest = handler.Parameters.Select(parameter => parameter.Kind switch
        {
            ParameterKind.Context => Context,
            ParameterKind.Cancellation => Context + ".CancellationToken",
            ParameterKind.State => $"{Context}.State({Naming.State(handler.State!.TypeName)})",
            _ => AgentEmitter.Resolve(parameter.Service!, Context + ".Services"),
        });
        return $"(({agent.TypeName})agent).{handler.MethodName}({string.Join(", ", new[] { $"({taken})message" }.Concat(rest))})";
    }

    private static void Send(SourceWriter writer, ReturnShape shape, string expression)
    {
        switch (shape.Kind)
        {
            case ReturnShapeKind.Nothing:
                writer.Line(expression + ";");
                break;
            case ReturnShapeKind.Message:
                writer.Line($"{Context}.Emit({shape.Contract!.Descriptor}, {expression});");
                break;
            case ReturnShapeKind.Tuple:
                writer.Line($"var result = {expression};");
                SendParts(writer, shape, "result");
                break;
            case ReturnShapeKind.OneOf:
                SendCase(writer, shape, Parenthesized(expression));
                break;
        }
    }

    private static void SendParts(SourceWriter writer, ReturnShape tuple, string path)
    {
        for (int i = 0; i < tuple.Parts.Count; i++)
        {
            string item = path + ".Item" + Number(i + 1);
            ReturnShape part = tuple.Parts[i];
            if (part.Kind == ReturnShapeKind.Tuple)
                SendParts(writer, part, item);
            else
                Send(writer, part, item);
        }
    }

    private static void SendCase(SourceWriter writer, ReturnShape choice, string expression)
    {
        writer.Open($"switch ({expression}.Value)");
        for (int i = 0; i < choice.Parts.Count; i++)
        {
            ContractReference contract = choice.Parts[i].Contract!;
            string variable = "case" + Number(i);
            writer.Line($"case {contract.TypeName} {variable}:").Indent()
                .Line($"{Context}.Emit({contract.Descriptor}, {variable});").Line("break;").Unindent();
        }

        writer.Close();
    }

    private static string Parenthesized(string expression) => expression.StartsWith("await ", StringComparison.Ordinal) ? $"({expression})" : expression;

    private static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);
}
