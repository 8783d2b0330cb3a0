using AgentFlow.Protocol.Hub;
using AgentFlow.Runtime.Tests.Train;
using AgentFlow.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace AgentFlow.Runtime.Tests.Flows;

internal static class FlowHost
{
    public static Task<AgentFlowTestHost> StartAsync(FlowProbe? probe = null, Action<AgentFlowOptions>? configure = null, Func<IHub, IHub>? wrapHub = null) =>
        AgentFlowTestHost.StartAsync(
            builder =>
            {
                builder.Services.AddSingleton(probe ?? new FlowProbe()).AddSingleton<TrainProbe>();
                builder.AddAgentFlow(configure);
            },
            wrapHub,
            TestContext.Current.CancellationToken);
}
