using AgentFlow.Host.Callers;
using AgentFlow.Host.Calls;

namespace AgentFlow.Host.Services;

/// <summary>The streams that stand as long as their caller wants.</summary>
internal sealed class StreamMethods(CallerHubs hubs, CallFaults faults)
{
    public IEnumerable<GrpcMethod> All =>
    [
        new GrpcMethod(HubMethods.Service, "AppendStream", call => new AppendStream(hubs.Of(call.Caller), call, faults).RunAsync()) { IsLong = true },
        new GrpcMethod(HubMethods.Service, "Subscribe", call => new SubscribeStream(hubs.Of(call.Caller), call).RunAsync()) { IsLong = true },
    ];
}
