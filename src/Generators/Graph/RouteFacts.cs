using AgentFlow.Generators.Shared;

namespace AgentFlow.Generators.Graph;

/// <summary>In which form a handler takes its contract; the same members as the runtime's <c>HandlerKind</c>.</summary>
internal enum RouteKind
{
    Message,
    Approved,
    Rejected,
    Expired,
}

/// <summary>What routing needs to know of a contract. <see cref="Key"/> is <c>name@version</c>.</summary>
internal sealed record RouteContract(
    string Key,
    string Type,
    EquatableArray<RouteGate> Gates,
    bool MustHandle,
    string Ends,
    string? Route,
    int MaxHops,
    EquatableArray<int> UpcastsFrom)
{
    /// <summary>The value of <see cref="Ends"/> of a contract that ends no thread.</summary>
    public const string EndsNothing = "Running";

    private static readonly string[] s_outcomes = [EndsNothing, "Completed", "Refused", "Expired", "Parked", "Failed"];

    /// <summary>The member of the runtime's <c>ThreadOutcome</c> that has this value.</summary>
    public static string OutcomeName(int value) => value >= 0 && value < s_outcomes.Length ? s_outcomes[value] : EndsNothing;

    public bool IsGated => !Gates.IsEmpty;

    public bool EndsThread => Ends != EndsNothing;

    public string Name => Key.Substring(0, Key.LastIndexOf('@'));

    public int Version => int.Parse(Key.Substring(Key.LastIndexOf('@') + 1), System.Globalization.CultureInfo.InvariantCulture);
}

/// <summary>One approval requirement.</summary>
internal sealed record RouteGate(string Role, int Quorum, string Lifetime);

/// <summary>One handler: the contract that it takes, and those that its signature sends, sorted.</summary>
internal sealed record RouteHandler(string Contract, RouteKind Kind, bool IsObserver, EquatableArray<string> Sends);

/// <summary>One agent, its handlers sorted, and what its <c>[Sends]</c> declare, sorted.</summary>
internal sealed record RouteAgent(string Name, string Type, EquatableArray<RouteHandler> Handlers, EquatableArray<string> Sends);

/// <summary>Where an agent class stands. Kept apart from the rest, so that a shifted line re-emits the graph only.</summary>
internal sealed record RouteLocation(string Type, string File, int Line);

/// <summary>Everything of one assembly that takes part in routing.</summary>
internal sealed record RouteModule(
    string Assembly,
    EquatableArray<RouteContract> Contracts,
    EquatableArray<RouteAgent> Agents,
    EquatableArray<RouteLocation> Locations);
