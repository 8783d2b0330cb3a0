namespace AgentFlow.Generators.Graph;

/// <summary>The routes of a composition: who sends and who takes each contract. Order is ordinal everywhere, so the same input gives the same output.</summary>
internal sealed class RouteMap
{
    private readonly Dictionary<string, RouteContract> _contracts = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, SortedSet<string>> _sentBy = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, List<RouteTaker>> _takenBy = new(StringComparer.Ordinal);

    private RouteMap(IReadOnlyList<RouteAgent> agents) => Agents = agents;

    /// <summary>The agents by name. A name that is used twice (AGF0201) stands here once for each class.</summary>
    public IReadOnlyList<RouteAgent> Agents { get; }

    /// <summary>The contracts that somebody sends or takes.</summary>
    public IReadOnlyList<string> Mentioned { get; private set; } = [];

    public static RouteMap Of(IEnumerable<RouteContract> contracts, IEnumerable<RouteAgent> agents)
    {
        var map = new RouteMap([.. agents.OrderBy(a => a.Name, StringComparer.Ordinal).ThenBy(a => a.Type, StringComparer.Ordinal)]);
        foreach (RouteContract contract in contracts)
            map._contracts[contract.Key] = contract;

        foreach (RouteAgent agent in map.Agents)
        {
            foreach (string sent in agent.Sends.Concat(agent.Handlers.SelectMany(h => h.Sends)))
                GetOrAdd(map._sentBy, sent, static () => new SortedSet<string>(StringComparer.Ordinal)).Add(agent.Name);
            foreach (RouteHandler handler in agent.Handlers)
                GetOrAdd(map._takenBy, handler.Contract, static () => []).Add(new RouteTaker(agent, handler));
        }

        map.Mentioned = [.. map._sentBy.Keys.Concat(map._takenBy.Keys).Distinct(StringComparer.Ordinal).OrderBy(k => k, StringComparer.Ordinal)];
        return map;
    }

    /// <summary>The contract of a key, or null where no module of the composition declares it.</summary>
    public RouteContract? Find(string key) => _contracts.TryGetValue(key, out RouteContract? contract) ? contract : null;

    /// <summary>The names of the agents that send a contract.</summary>
    public IReadOnlyCollection<string> SendersOf(string key) => _sentBy.TryGetValue(key, out SortedSet<string>? names) ? names : [];

    /// <summary>The handlers of a contract, in the order of their agents' names.</summary>
    public IReadOnlyList<RouteTaker> TakersOf(string key) => _takenBy.TryGetValue(key, out List<RouteTaker>? takers) ? takers : [];

    /// <summary>Whether a contract, once sent, is taken by somebody, leaves for another process or ends the thread.</summary>
    public bool IsRouted(string key)
    {
        RouteContract? contract = Find(key);
        if (contract is { Route: not null } or { EndsThread: true })
            return true;

        // A handler that takes a gated contract directly is an error of its own (AGF0101); with that mended, it takes it.
        bool isGated = contract is { IsGated: true };
        if (TakersOf(key).Any(t => !t.Handler.IsObserver && (t.Handler.Kind == RouteKind.Message || (isGated && t.Handler.Kind == RouteKind.Approved))))
            return true;

        // A newer version that says how to read this one takes it too.
        return contract is not null && _contracts.Values.Any(newer =>
            newer.Version > contract.Version && newer.Name == contract.Name && newer.UpcastsFrom.Contains(contract.Version) && IsRouted(newer.Key));
    }

    private static TValue GetOrAdd<TValue>(SortedDictionary<string, TValue> map, string key, Func<TValue> make)
    {
        if (!map.TryGetValue(key, out TValue? value))
            map.Add(key, value = make());
        return value;
    }
}

/// <summary>A handler and its agent.</summary>
internal sealed class RouteTaker(RouteAgent agent, RouteHandler handler)
{
    public RouteAgent Agent { get; } = agent;

    public RouteHandler Handler { get; } = handler;
}
