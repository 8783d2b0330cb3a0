using System.Globalization;
using AgentFlow.Generators.Graph;
using AgentFlow.Generators.Shared;
using Microsoft.CodeAnalysis;

namespace AgentFlow.Generators.Modules;

/// <summary>Writes the routing facts of an assembly as attributes, and reads them where the assembly is referenced. The two methods mirror each
/// other.</summary>
internal static class ModuleAttributes
{
    public const string Module = Prefix + "AgentFlowModuleAttribute";

    private const string Prefix = "AgentFlow.SourceGeneration.";
    private const string Contract = Prefix + "AgentFlowContractAttribute";
    private const string Agent = Prefix + "AgentFlowAgentAttribute";
    private const string Handler = Prefix + "AgentFlowHandlerAttribute";

    public static void Write(SourceWriter writer, RouteModule module)
    {
        foreach (RouteContract contract in module.Contracts)
        {
            Attribute(writer, "AgentFlowContract", Naming.Literal(contract.Key), Naming.Literal(contract.Type),
                Texts("Gates", contract.Gates.SelectMany(g => new[] { g.Role, g.Quorum.ToString(CultureInfo.InvariantCulture), g.Lifetime })),
                contract.MustHandle ? "MustHandle = true" : null,
                contract.EndsThread ? $"Ends = global::AgentFlow.ThreadOutcome.{contract.Ends}" : null,
                contract.Route is { } route ? $"Route = {Naming.Literal(route)}" : null,
                contract.MaxHops > 0 ? FormattableString.Invariant($"MaxHops = {contract.MaxHops}") : null,
                contract.UpcastsFrom.IsEmpty ? null : $"UpcastsFrom = new int[] {{ {string.Join(", ", contract.UpcastsFrom)} }}");
        }

        foreach (RouteAgent agent in module.Agents)
        {
            RouteLocation? location = module.Locations.FirstOrDefault(l => l.Type == agent.Type);
            Attribute(writer, "AgentFlowAgent", Naming.Literal(agent.Name), Naming.Literal(agent.Type),
                Texts("Sends", agent.Sends),
                location is null ? null : $"File = {Naming.Literal(location.File)}",
                location is null ? null : FormattableString.Invariant($"Line = {location.Line}"));
            foreach (RouteHandler handler in agent.Handlers)
            {
                Attribute(writer, "AgentFlowHandler", Naming.Literal(agent.Type), Naming.Literal(handler.Contract),
                    $"global::{Prefix}HandlerKind.{handler.Kind}",
                    handler.IsObserver ? "IsObserver = true" : null,
                    Texts("Sends", handler.Sends));
            }
        }
    }

    public static RouteModule Read(IAssemblySymbol assembly)
    {
        ILookup<string?, RouteHandler> handlers = assembly.Attributes(Handler).ToLookup(h => h.Argument<string>(0), h => new RouteHandler(
            h.Argument<string>(1) ?? "", (RouteKind)h.Argument<int>(2), h.Named("IsObserver", false), Array<string>(h, "Sends").ToEquatableArray()));
        AttributeData[] agents = [.. assembly.Attributes(Agent)];
        return new RouteModule(
            assembly.Name,
            assembly.Attributes(Contract).Select(ReadContract).ToEquatableArray(),
            agents.Select(a => new RouteAgent(
                a.Argument<string>(0) ?? "", a.Argument<string>(1) ?? "", handlers[a.Argument<string>(1)].ToEquatableArray(),
                Array<string>(a, "Sends").ToEquatableArray()))
                .ToEquatableArray(),
            agents.Select(a => new RouteLocation(a.Argument<string>(1) ?? "", a.Named("File", ""), a.Named("Line", 0))).ToEquatableArray());
    }

    private static RouteContract ReadContract(AttributeData contract)
    {
        string[] gates = Array<string>(contract, "Gates");
        return new RouteContract(
            contract.Argument<string>(0) ?? "@0",
            contract.Argument<string>(1) ?? "",
            Enumerable.Range(0, gates.Length / 3)
                .Select(i => new RouteGate(gates[3 * i], int.Parse(gates[(3 * i) + 1], CultureInfo.InvariantCulture), gates[(3 * i) + 2])).ToEquatableArray(),
            contract.Named("MustHandle", false),
            RouteContract.OutcomeName(contract.Named("Ends", 0)),
            contract.Named<string?>("Route", null),
            contract.Named("MaxHops", 0),
            Array<int>(contract, "UpcastsFrom").ToEquatableArray());
    }

    private static void Attribute(SourceWriter writer, string name, params string?[] arguments) =>
        writer.Line($"[assembly: global::{Prefix}{name}({string.Join(", ", arguments.Where(a => a is not null))})]");

    private static string? Texts(string name, IEnumerable<string> texts)
    {
        string joined = string.Join(", ", texts.Select(Naming.Literal));
        return joined.Length == 0 ? null : $"{name} = new string[] {{ {joined} }}";
    }

    private static T[] Array<T>(AttributeData attribute, string name)
    {
        foreach (KeyValuePair<string, TypedConstant> pair in attribute.NamedArguments)
        {
            if (pair.Key == name && pair.Value is { Kind: TypedConstantKind.Array, IsNull: false })
                return [.. pair.Value.Values.Select(v => v.Value).OfType<T>()];
        }

        return [];
    }
}
