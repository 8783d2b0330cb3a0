using AgentFlow.Generators.Contracts;
using AgentFlow.Generators.Graph;
using AgentFlow.Generators.Shared;
using Microsoft.CodeAnalysis;

namespace AgentFlow.Generators.Agents;

/// <summary>Reads a handler method.</summary>
internal static class HandlerParser
{
    /// <summary>The model, also where there are findings, so that a wrong handler counts as a route; null where no contract can be told.</summary>
    public static HandlerModel? Parse(IMethodSymbol method, INamedTypeSymbol agent, Findings findings)
    {
        if (WrongForm(method) is { } wrong)
        {
            findings.Add(AgentDiagnostics.HandlerShape, method, agent, method.Name, wrong);
            if (method.Parameters.Length == 0)
                return null;
        }

        ITypeSymbol taken = method.Parameters[0].Type;
        RouteKind kind = Wrapper(taken) ?? RouteKind.Message;
        ITypeSymbol contract = kind == RouteKind.Message && Wrapper(taken) is null ? taken : ((INamedTypeSymbol)taken).TypeArguments[0];
        if (contract is IErrorTypeSymbol)
        {
            findings.Stop();
            return null;
        }

        if (ContractReader.Reference(contract) is not { } reference)
        {
            findings.Add(AgentDiagnostics.HandlerShape, method, agent, method.Name,
                $"takes '{contract.Short()}', which is no contract. Mark that type [Message].");
            return null;
        }

        GateRule.Check(method, agent, (INamedTypeSymbol)contract, kind, findings);
        EquatableArray<ParameterModel> parameters = ParameterParser.Parse(method, agent, findings);
        if (ReturnParser.Parse(method.ReturnType, out string problem) is not { } returned)
        {
            findings.Add(AgentDiagnostics.HandlerShape, method, agent, method.Name, problem);
            returned = new ReturnModel(ReturnForm.Value, ReturnShape.Nothing);
        }

        ITypeSymbol? state = method.Parameters.Skip(1).Select(p => p.Type).FirstOrDefault(ContractFacts.IsState);
        return new HandlerModel(
            method.Name,
            reference,
            kind,
            method.Attribute("AgentFlow.ObserverAttribute") is not null,
            parameters,
            returned,
            returned.Shape.Contracts.Distinct().OrderBy(s => s.Key, StringComparer.Ordinal).ToEquatableArray(),
            state is null ? null : new StateReference(Naming.FullName(state), state.Locations.Any(l => l.IsInSource)),
            Retry(method, findings));
    }

    /// <summary>Which of the wrappers of a gated contract a type is, or null.</summary>
    public static RouteKind? Wrapper(ITypeSymbol type) => type is not INamedTypeSymbol { Arity: 1 } ? null
        : type.Is("AgentFlow.Approved") ? RouteKind.Approved
        : type.Is("AgentFlow.Rejected") ? RouteKind.Rejected
        : type.Is("AgentFlow.Expired") ? RouteKind.Expired
        : null;

    private static string? WrongForm(IMethodSymbol method) => method switch
    {
        { DeclaredAccessibility: not Accessibility.Public } =>
            "takes a message but is not public, so it is never called. Make it public or give it another name.",
        { IsStatic: true } => "is static. A handler is an instance method: remove 'static'.",
        { IsGenericMethod: true } => "is generic. Write one handler for each contract.",
        { Parameters.Length: 0 } => "takes no message. Make a contract its first parameter, or give it another name.",
        { ReturnsByRef: true } or { ReturnsByRefReadonly: true } => "returns a reference. Return the message itself.",
        _ => null,
    };

    private static RetryModel? Retry(IMethodSymbol method, Findings findings)
    {
        if (method.Attribute("AgentFlow.RetryAttribute") is not { } retry)
            return null;
        int max = retry.Named("Max", 5);
        string backoff = retry.Named("Backoff", "1s..1m");
        if (max is < 1 or > 100)
            findings.Add(ContractDiagnostics.AttributeValue, retry.Location(method), method.Name, $"is tried {max} times. Set Max to 1 to 100.");
        if (!Durations.TryParseRange(backoff, out long first, out long longest))
            findings.Add(ContractDiagnostics.NotDuration, retry.Location(method), backoff, "two durations, the shorter first", "'1s..1m'");
        return new RetryModel(max, first, longest);
    }
}
