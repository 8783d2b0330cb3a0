using AgentFlow.Contracts;

namespace AgentFlow.Engine;

/// <summary>
/// Which agent of this process writes what becomes of a request into the timeline, so that it stands there once: who acts on it. Where nobody of this process
/// does, because the agent that acts lives in another one, it is one of those who sign or asked.
/// </summary>
internal static class RequestReporter
{
    public static bool IsReporter(EngineServices engine, ThreadSession session, ApprovalFile file)
    {
        if (file.IsExecutor)
            return true;
        var here = engine.Agents.Values.Where(agent => session.Member.Roster.Contains(agent.Id)).ToList();
        return !(TryFindContract(engine, file, out var contract) && here.Exists(agent => agent.Routes.TryFind(contract, out var route) && route.IsGate))
            && here.Where(agent => Follows(file, agent.Id)).Min(agent => agent.Id) == session.Agent.Id;
    }

    /// <summary>Whether a refusal or an expiry ends the thread because no agent of the app, which another process hosts, has a handler for it.</summary>
    public static bool IsUnhandledElsewhere(EngineServices engine, ThreadSession session, ApprovalFile file)
    {
        if (!IsReporter(engine, session, file) || !TryFindContract(engine, file, out var contract))
            return false;
        var routes = engine.Absent.Select(agent => agent.Routes.TryFind(contract, out var route) && route.IsGate ? route : null).OfType<Dispatch.AgentRoute>().ToList();
        return routes.Count > 0 && routes.TrueForAll(route => ApprovalDecider.HandlerOf(route, file.Verdict) is null);
    }

    private static bool Follows(ApprovalFile file, AgentId agent) => agent == file.Request.Requester || file.Request.Rules.Any(rule => rule.Allows(agent));

    private static bool TryFindContract(EngineServices engine, ApprovalFile file, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out ContractEntry? contract) =>
        engine.Catalogue.TryFind(file.Request.Contract, file.Request.Major, out contract);
}
