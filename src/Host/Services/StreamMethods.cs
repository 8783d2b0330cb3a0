using AgentFlow.Host.Callers;
using AgentFlow.Host.Calls;
using AgentFlow.Host.Diagnostics;
using AgentFlow.Host.Limits;
using AgentFlow.Wire.Statuses;

namespace AgentFlow.Host.Services;

/// <summary>The streams that stand as long as their caller wants.</summary>
internal sealed class StreamMethods(CallerHubs hubs, CallLimits limits, CallFaults faults)
{
    public IEnumerable<GrpcMethod> All =>
    [
        new GrpcMethod(HubMethods.Service, "AppendStream", call => new AppendStream(hubs.Of(call.Caller), call, limits, faults).RunAsync()) { IsLong = true },
        new GrpcMethod(HubMethods.Service, "Subscribe", SubscribeAsync) { IsLong = true },
    ];

    private async ValueTask<GrpcStatus> SubscribeAsync(ServerCall call)
    {
        using var counted = Telemetry.ClientConnected("grpc");
        return await new SubscribeStream(hubs.Of(call.Caller), call).RunAsync().ConfigureAwait(false);
    }
}
