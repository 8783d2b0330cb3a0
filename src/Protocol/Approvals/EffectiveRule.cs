using AgentFlow.Protocol.Threads;

namespace AgentFlow.Protocol.Approvals;

/// <summary>A rule as it binds a request: the stricter of the request's policy and the current one, in every respect.</summary>
internal readonly record struct EffectiveRule(PolicyRule AtRequest, PolicyRule Current)
{
    /// <summary>The rule under both policies, or null where one of them lacks it.</summary>
    public static EffectiveRule? Of(ApprovalRequest request, ThreadPolicy currentPolicy, byte ruleId) =>
        Find(request.Policy, request, ruleId) is { } atRequest && Find(currentPolicy, request, ruleId) is { } current
            ? new EffectiveRule(atRequest, current)
            : null;

    /// <summary>A rule of one policy, or null.</summary>
    public static PolicyRule? Find(ThreadPolicy policy, ApprovalRequest request, byte ruleId) => policy.FindRule(request.Contract, request.Major, ruleId);

    public int Quorum => Math.Max(AtRequest.Quorum, Current.Quorum);

    public bool DenyEnds => AtRequest.DenyEnds || Current.DenyEnds;

    public uint MaxLifetimeSeconds => Math.Min(AtRequest.MaxLifetimeSeconds, Current.MaxLifetimeSeconds);

    public bool Lists(AgentId approver) => AtRequest.Allows(approver) && Current.Allows(approver);
}
