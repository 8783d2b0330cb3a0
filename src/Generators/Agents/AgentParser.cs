using AgentFlow.Generators.Contracts;
using AgentFlow.Generators.Shared;
using Microsoft.CodeAnalysis;

namespace AgentFlow.Generators.Agents;

/// <summary>Reads an <c>[Agent]</c> class. The generator takes the model, the analyzer the findings: one truth for both.</summary>
internal static class AgentParser
{
    public const string Attribute = "AgentFlow.AgentAttribute";
    public const string Sends = "AgentFlow.SendsAttribute";

    private static readonly char[] s_nameLetters = [.. "abcdefghijklmnopqrstuvwxyz0123456789-"];

    public static ParsedAgent? Parse(INamedTypeSymbol type, Action<Diagnostic>? report)
    {
        if (type.Attribute(Attribute) is not { } attribute)
            return null;
        var findings = new Findings(report);
        string name = attribute.Argument<string>(0) ?? "";
        if (name.Length is 0 or > 64 || name.Any(c => !s_nameLetters.Contains(c)))
            findings.Add(ContractDiagnostics.AttributeValue, attribute.Location(type), type.Name,
                $"has the agent name '{name}'. Use 1 to 64 lower case letters, digits and hyphens.");
        CheckClass(type, findings);

        var handlers = new List<ParsedHandler>();
        foreach (IMethodSymbol method in HandlerMethods.Of(type))
        {
            if (HandlerParser.Parse(method, type, findings) is { } handler)
                handlers.Add(new ParsedHandler(handler, method));
        }

        FindDoubles(handlers, type, findings);
        ContractReference[] sends = [.. SentBy(type, findings)];
        var model = new AgentModel(
            name,
            Naming.FullName(type),
            Naming.MetadataName(type),
            ConstructorParser.Parse(type, findings),
            handlers.Select(h => h.Model)
                .OrderBy(h => h.Contract.Key, StringComparer.Ordinal).ThenBy(h => h.Kind).ThenBy(h => h.MethodName, StringComparer.Ordinal).ToEquatableArray(),
            sends.Distinct().OrderBy(s => s.Key, StringComparer.Ordinal).ToEquatableArray(),
            LocalTypes(handlers, sends).Distinct().OrderBy(t => t, StringComparer.Ordinal).ToEquatableArray(),
            IsValid: !findings.HasErrors);
        return new ParsedAgent(model, type, handlers);
    }

    private static void CheckClass(INamedTypeSymbol type, Findings findings)
    {
        string? wrong = type switch
        {
            { IsStatic: true } => "is static. An agent is an instance: remove 'static'.",
            { IsAbstract: true } => "is abstract. Put [Agent] on the class that is made.",
            { IsFileLocal: true } => "is local to its file, where generated code cannot reach it. Make it internal.",
            _ when IsGeneric(type) => "is generic. Put [Agent] on a class with fixed type arguments.",
            _ when !IsReachable(type) => "cannot be reached by generated code. Make it, and the types around it, internal or public.",
            _ => null,
        };
        if (wrong is not null)
            findings.Add(AgentDiagnostics.HandlerShape, type, type, type.Name, wrong);
    }

    private static bool IsGeneric(INamedTypeSymbol type)
    {
        for (INamedTypeSymbol? at = type; at is not null; at = at.ContainingType)
        {
            if (at.Arity > 0)
                return true;
        }

        return false;
    }

    private static bool IsReachable(INamedTypeSymbol type)
    {
        for (INamedTypeSymbol? at = type; at is not null; at = at.ContainingType)
        {
            if (at.DeclaredAccessibility is not (Accessibility.Public or Accessibility.Internal or Accessibility.ProtectedOrInternal))
                return false;
        }

        return true;
    }

    private static void FindDoubles(List<ParsedHandler> handlers, INamedTypeSymbol type, Findings findings)
    {
        foreach (IGrouping<(string, Graph.RouteKind), ParsedHandler> group in handlers.GroupBy(h => (h.Model.Contract.Key, h.Model.Kind)))
        {
            foreach (ParsedHandler second in group.Skip(1))
                findings.Add(AgentDiagnostics.HandlerShape, second.Method, type, second.Method.Name,
                    $"takes '{group.Key.Item1}', which '{type.Name}' already handles. Keep one of the two.");
        }
    }

    private static IEnumerable<string> LocalTypes(List<ParsedHandler> handlers, IEnumerable<ContractReference> sends)
    {
        IEnumerable<ContractReference> contracts = handlers.SelectMany(h => h.Model.Sends.Concat([h.Model.Contract])).Concat(sends);
        IEnumerable<StateReference> states = handlers.Select(h => h.Model.State).OfType<StateReference>();
        return contracts.Where(c => c.IsLocal).Select(c => c.TypeName).Concat(states.Where(s => s.IsLocal).Select(s => s.TypeName));
    }

    private static IEnumerable<ContractReference> SentBy(INamedTypeSymbol type, Findings findings)
    {
        foreach (AttributeData sends in type.Attributes(Sends))
        {
            var contract = sends.Argument<ITypeSymbol>(0);
            if (ContractReader.Reference(contract) is { } reference)
                yield return reference;
            else if (contract is not null and not IErrorTypeSymbol)
                findings.Add(AgentDiagnostics.HandlerShape, sends.Location(type), type.Name,
                    $"declares that it sends '{contract.Name}', which is no contract. Mark it [Message].");
        }
    }
}
