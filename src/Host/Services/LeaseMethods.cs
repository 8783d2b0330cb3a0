using AgentFlow.Host.Callers;
using AgentFlow.Host.Calls;
using AgentFlow.Protocol.Hub;
using AgentFlow.Wire.Messages;
using AgentFlow.Wire.Values;

namespace AgentFlow.Host.Services;

/// <summary>Who may write for an agent in a thread.</summary>
internal sealed class LeaseMethods(CallerHubs hubs)
{
    public IEnumerable<GrpcMethod> All =>
    [
        Unary.Method(HubMethods.Service, "AcquireLease", AcquireLeaseRequest.Parser, AcquireAsync),
        Unary.Method(HubMethods.Service, "ReleaseLease", ReleaseLeaseRequest.Parser, ReleaseAsync),
    ];

    private async ValueTask<Reply> AcquireAsync(AcquireLeaseRequest request, ServerCall call)
    {
        if (!request.Agent.TryRead(out AgentId agent) || !request.Thread.TryRead(out ThreadId thread) || !request.Owner.TryRead(out Guid owner))
            return Refusals.Id("agent", "thread", "owner");
        if (Math.Abs((double)request.DurationMillis) > HubArguments.LongestLease.TotalMilliseconds)
            return Reply.Invalid("duration_millis is not from 1 second to 10 minutes.");
        var duration = TimeSpan.FromMilliseconds(request.DurationMillis);
        var lease = await hubs.Of(call.Caller).AcquireLeaseAsync(agent, thread, owner, duration, call.Cancelled).ConfigureAwait(false);
        return lease.Status is HubStatus.Ok or HubStatus.Fenced
            ? Reply.Of(new AcquireLeaseResponse
            {
                IsHeld = lease.Status == HubStatus.Ok,
                Owner = lease.Owner.ToWire(),
                Token = lease.Token,
                UntilUnix100Ns = (lease.Until - DateTimeOffset.UnixEpoch).Ticks,
            })
            : Reply.Refused(lease.Status);
    }

    private async ValueTask<Reply> ReleaseAsync(ReleaseLeaseRequest request, ServerCall call)
    {
        if (!request.Agent.TryRead(out AgentId agent) || !request.Thread.TryRead(out ThreadId thread) || !request.Owner.TryRead(out Guid owner))
            return Refusals.Id("agent", "thread", "owner");
        var status = await hubs.Of(call.Caller).ReleaseLeaseAsync(agent, thread, owner, request.Token, call.Cancelled).ConfigureAwait(false);
        return Reply.When(status, new ReleaseLeaseResponse());
    }
}
