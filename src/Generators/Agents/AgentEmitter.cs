using System.Globalization;
using AgentFlow.Generators.Shared;
using Microsoft.CodeAnalysis.Text;

namespace AgentFlow.Generators.Agents;

/// <summary>Writes an agent's descriptor and thunks, as a private class inside the module.</summary>
internal static class AgentEmitter
{
    private const string Runtime = "global::AgentFlow.SourceGeneration.";
    private const string Services = "global::Microsoft.Extensions.DependencyInjection.ServiceProvider";

    /// <summary>The name of the private class. It begins with an underscore-free prefix that no member of the module has.</summary>
    public static string ClassName(string metadataName) => "Agent_" + ModuleName.Identifier(metadataName);

    public static SourceText Emit(AgentModel agent, string moduleNamespace)
    {
        SourceWriter writer = new SourceWriter().Line(Naming.Header.TrimEnd('\n'))
            .Line("#pragma warning disable CS0612, CS0618 // What an agent handles, sends or needs may be obsolete.")
            .Line()
            .Line($"namespace {moduleNamespace};")
            .Line()
            .Open($"public static partial class {ModuleName.Class}");
        writer.Line(Naming.GeneratedCode).Open($"private static class {ClassName(agent.MetadataName)}");
        Descriptor(writer, agent);
        for (int i = 0; i < agent.Handlers.Count; i++)
            ThunkEmitter.Emit(writer.Line(), agent, agent.Handlers[i], ThunkName(i));
        return writer.Close().Close().ToSourceText();
    }

    /// <summary>The expression that gets a service, or null where it is optional and absent.</summary>
    public static string Resolve(ServiceModel service, string provider) => (service.IsOptional, service.Key) switch
    {
        (false, null) => $"{Services}ServiceExtensions.GetRequiredService<{service.TypeName}>({provider})",
        (true, null) => $"{Services}ServiceExtensions.GetService<{service.TypeName}>({provider})",
        (false, { } key) => $"{Services}KeyedServiceExtensions.GetRequiredKeyedService<{service.TypeName}>({provider}, {key})",
        (true, { } key) => $"{Services}KeyedServiceExtensions.GetKeyedService<{service.TypeName}>({provider}, {key})",
    };

    private static void Descriptor(SourceWriter writer, AgentModel agent)
    {
        writer.Open($"internal static readonly {Runtime}AgentDescriptor Descriptor = new()")
            .Line($"Name = {Naming.Literal(agent.Name)},")
            .Line($"ClrType = typeof({agent.TypeName}),")
            .Line($"Create = static services => new {agent.TypeName}({string.Join(", ", agent.Constructor.Select(s => Resolve(s, "services")))}),")
            .Line("Handlers =")
            .Line("[")
            .Indent();
        for (int i = 0; i < agent.Handlers.Count; i++)
            Handler(writer, agent.Handlers[i], ThunkName(i));
        writer.Unindent()
            .Line("],")
            .Line(agent.Sends.IsEmpty ? null : $"Sends = {List(agent.Sends)},")
            .Close(";");
    }

    private static void Handler(SourceWriter writer, HandlerModel handler, string thunk) => writer
        .Open($"new {Runtime}HandlerDescriptor")
        .Line($"Message = {handler.Contract.Descriptor},")
        .Line($"Kind = {Runtime}HandlerKind.{handler.Kind},")
        .Line(handler.IsObserver ? "IsObserver = true," : null)
        .Line(handler.Sends.IsEmpty ? null : $"Sends = {List(handler.Sends)},")
        .Line(handler.State is { } state ? $"State = {Naming.State(state.TypeName)}," : null)
        .Line(handler.Retry is { } retry ? $"Retry = new {Runtime}RetryPolicy({Number(retry.Max)}, {Span(retry.FirstTicks)}, {Span(retry.LongestTicks)}),"
            : null)
        // A lambda, because a delegate of a static method shuffles its arguments at every call.
        .Line($"Invoke = static (agent, message, context) => {thunk}(agent, message, context),")
        .Close(",");

    private static string List(EquatableArray<ContractReference> contracts) => $"[{string.Join(", ", contracts.Select(c => c.Descriptor))}]";

    private static string ThunkName(int index) => "Handle" + Number(index);

    private static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);

    private static string Span(long ticks) => $"new global::System.TimeSpan({ticks.ToString(CultureInfo.InvariantCulture)}L)";
}
