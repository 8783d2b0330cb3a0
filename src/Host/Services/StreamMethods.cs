using AgentFlow.Host.Calls;
using AgentFlow.Host.Hosting;

namespace AgentFlow.Host.Services;

/// <summary>The streams that stand as long as their caller wants.</summary>
internal sealed class StreamMethods(HubSource source, CallFaults faults)
{
    public IEnumerable<GrpcMethod> All =>
    [
        new GrpcMethod(HubMethods.Service, "AppendStream", call => new AppendStream(source.Hub, call, faults).RunAsync(), EndsWithHost: true),
        new GrpcMethod(HubMethods.Service, "Subscribe", call => new SubscribeStream(source.Hub, call).RunAsync(), EndsWithHost: true),
    ];
}
