namespace AgentFlow.Generators.Graph;

/// <summary>Finds cycles of contracts that nothing bounds: no gate, no <c>[MaxHops]</c> and no end of the thread on the way.</summary>
internal static class RouteCycles
{
    /// <summary>One shortest cycle for each knot of contracts, from its ordinally first contract; the first contract is repeated at the end.</summary>
    public static IReadOnlyList<IReadOnlyList<string>> Find(RouteMap map)
    {
        var next = new SortedDictionary<string, SortedSet<string>>(StringComparer.Ordinal);
        foreach (string contract in map.Mentioned.Where(IsUnbounded))
        {
            next[contract] = new SortedSet<string>(
                map.TakersOf(contract).SelectMany(t => t.Handler.Sends.Concat(t.Agent.Sends)).Where(IsUnbounded), StringComparer.Ordinal);
        }

        var cycles = new List<IReadOnlyList<string>>();
        var covered = new HashSet<string>(StringComparer.Ordinal);
        foreach (string start in next.Keys)
        {
            if (covered.Contains(start) || ShortestWayBack(start, next) is not { } cycle)
                continue;
            cycles.Add(cycle);
            covered.UnionWith(cycle);
        }

        return cycles;

        bool IsUnbounded(string key) => map.Find(key) is not { } contract || !(contract.IsGated || contract.EndsThread || contract.MaxHops > 0);
    }

    private static List<string>? ShortestWayBack(string start, SortedDictionary<string, SortedSet<string>> next)
    {
        var cameFrom = new Dictionary<string, string>(StringComparer.Ordinal);
        var queue = new Queue<string>([start]);
        while (queue.Count > 0)
        {
            string at = queue.Dequeue();
            if (!next.TryGetValue(at, out SortedSet<string>? targets))
                continue;
            foreach (string target in targets)
            {
                if (target == start)
                    return Path(start, at, cameFrom);
                if (!cameFrom.ContainsKey(target))
                {
                    cameFrom.Add(target, at);
                    queue.Enqueue(target);
                }
            }
        }

        return null;
    }

    private static List<string> Path(string start, string last, Dictionary<string, string> cameFrom)
    {
        List<string> path = [start];
        for (string at = last; at != start; at = cameFrom[at])
            path.Add(at);
        path.Add(start);
        path.Reverse();
        return path;
    }
}
