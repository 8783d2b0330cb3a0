using Microsoft.CodeAnalysis;

namespace AgentFlow.Generators.Agents;

/// <summary>An agent's model with the symbols that it came from. It lives as long as one look at it: the pipeline keeps the model only.</summary>
internal sealed class ParsedAgent(AgentModel model, INamedTypeSymbol type, IReadOnlyList<ParsedHandler> handlers)
{
    public AgentModel Model { get; } = model;

    public INamedTypeSymbol Type { get; } = type;

    public IReadOnlyList<ParsedHandler> Handlers { get; } = handlers;
}

/// <summary>A handler's model with its method.</summary>
internal sealed class ParsedHandler(HandlerModel model, IMethodSymbol method)
{
    public HandlerModel Model { get; } = model;

    public IMethodSymbol Method { get; } = method;
}
