using AgentFlow.Generators.Graph;
using AgentFlow.Generators.Shared;

namespace AgentFlow.Generators.Agents;

/// <summary>An agent class, as its emitter needs it. Types are written as generated code writes them.</summary>
internal sealed record AgentModel(
    string Name,
    string TypeName,
    string MetadataName,
    EquatableArray<ServiceModel> Constructor,
    EquatableArray<HandlerModel> Handlers,
    EquatableArray<ContractReference> Sends,
    EquatableArray<string> LocalTypes,
    bool IsValid)
{
    /// <summary>What routing needs to know of it.</summary>
    public RouteAgent ToRoute() => new(
        Name,
        MetadataName,
        Handlers.Select(h => new RouteHandler(h.Contract.Key, h.Kind, h.IsObserver, h.Sends.Select(s => s.Key).ToEquatableArray())).ToEquatableArray(),
        Sends.Select(s => s.Key).ToEquatableArray());
}

/// <summary>A contract that an agent names: its key <c>name@version</c>, its type, and whether this project declares it.</summary>
internal sealed record ContractReference(string Key, string TypeName, bool IsLocal)
{
    /// <summary>The expression of its descriptor.</summary>
    public string Descriptor => Naming.Descriptor(TypeName);
}

/// <summary>A handler method.</summary>
internal sealed record HandlerModel(
    string MethodName,
    ContractReference Contract,
    RouteKind Kind,
    bool IsObserver,
    EquatableArray<ParameterModel> Parameters,
    ReturnModel Return,
    EquatableArray<ContractReference> Sends,
    StateReference? State,
    RetryModel? Retry);

/// <summary>The thread state that a handler takes.</summary>
internal sealed record StateReference(string TypeName, bool IsLocal);

/// <summary>What a parameter after the message is filled with.</summary>
internal enum ParameterKind
{
    Context,
    State,
    Cancellation,
    Service,
}

/// <summary>A parameter after the message.</summary>
internal sealed record ParameterModel(ParameterKind Kind, ServiceModel? Service);

/// <summary>A service, by its type and key; an optional one may be absent.</summary>
internal sealed record ServiceModel(string TypeName, bool IsOptional, string? Key);

/// <summary><c>[Retry]</c>, parsed.</summary>
internal sealed record RetryModel(int Max, long FirstTicks, long LongestTicks);

/// <summary>How a handler gives back what it sends.</summary>
internal enum ReturnForm
{
    /// <summary>At once.</summary>
    Value,

    /// <summary>As a <c>Task</c> or <c>ValueTask</c>.</summary>
    Awaitable,

    /// <summary>As an <c>IAsyncEnumerable</c>.</summary>
    Stream,
}

/// <summary>What a handler returns.</summary>
internal sealed record ReturnModel(ReturnForm Form, ReturnShape Shape);

/// <summary>What a returned value is made of.</summary>
internal enum ReturnShapeKind
{
    Nothing,
    Message,
    Tuple,
    OneOf,
}

/// <summary>A returned value: one message, or parts of a tuple, or the cases of a choice.</summary>
internal sealed record ReturnShape(ReturnShapeKind Kind, ContractReference? Contract, EquatableArray<ReturnShape> Parts)
{
    public static ReturnShape Nothing { get; } = new(ReturnShapeKind.Nothing, null, default);

    public static ReturnShape Message(ContractReference contract) => new(ReturnShapeKind.Message, contract, default);

    /// <summary>Every contract in it.</summary>
    public IEnumerable<ContractReference> Contracts => Contract is { } contract ? [contract] : Parts.SelectMany(p => p.Contracts);
}
