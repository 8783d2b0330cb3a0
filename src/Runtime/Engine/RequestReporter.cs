using AgentFlow.Contracts;

namespace AgentFlow.Engine;

/// <summary>
/// Which agent of this process writes what becomes of a request into the timeline, so that it stands there once: who acts on it. Where nobody of this process
/// does, because the agent that acts lives in another one, it is one of those who sign or asked.
/// </summary>
internal static class RequestReporter
{
    /// <summary>
    /// Why a thread ended where this process saw no answer in time, and an agent elsewhere decides by its own clock. Its claim may be on the way: a message that
    /// ends the thread is believed instead.
    /// </summary>
    public const string ExpiredByClock = "approval.expired by this process's clock";

    public static bool IsReporter(EngineServices engine, ThreadSession session, ApprovalFile file)
    {
        if (file.IsExecutor)
            return true;
        var here = engine.Agents.Values.Where(agent => session.Member.Roster.Contains(agent.Id)).ToList();
        bool isActedOnHere = TryFindContract(engine, file, out var contract) && here.Exists(agent => agent.Routes.TryFind(contract, out var route) && route.IsGate);
        return !isActedOnHere && !here.Exists(agent => agent.Id.CompareTo(session.Agent.Id) < 0 && Follows(file, agent.Id));
    }

    /// <summary>Whether a verdict ends the thread because no agent of the app, which another process hosts, has a handler for it.</summary>
    public static bool IsUnhandledElsewhere(EngineServices engine, ApprovalFile file)
    {
        if (!TryFindContract(engine, file, out var contract))
            return false;
        var routes = engine.Absent.Select(agent => agent.Routes.TryFind(contract, out var route) && route.IsGate ? route : null).OfType<Dispatch.AgentRoute>().ToList();
        return routes.Count > 0 && routes.TrueForAll(route => ApprovalDecider.HandlerOf(route, file.Verdict) is null);
    }

    private static bool Follows(ApprovalFile file, AgentId agent) => agent == file.Request.Requester || file.Request.Rules.Any(rule => rule.Allows(agent));

    private static bool TryFindContract(EngineServices engine, ApprovalFile file, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out ContractEntry? contract) =>
        engine.Catalogue.TryFind(file.Request.Contract, file.Request.Major, out contract);
}
