using AgentFlow.Hosting;
using AgentFlow.Protocol.Buffers;
using AgentFlow.Protocol.Codec;
using AgentFlow.Runtime.Tests.Train;
using AgentFlow.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace AgentFlow.Runtime.Tests.Peers;

/// <summary>The train of this process, with a person of another process among those who approve.</summary>
internal static class RemoteTrain
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static async Task<AgentFlowTestHost> StartAsync(
        RemotePerson grace, TrainProbe probe, Action<HubProxy>? take = null, Action<AgentFlowOptions>? configure = null)
    {
        var host = await AgentFlowTestHost.StartAsync(
            builder =>
            {
                builder.Services.AddSingleton(probe).AddSingleton<AgentFlow.Runtime.Tests.Flows.FlowProbe>();
                builder.AddAgentFlow(options =>
                {
                    options.AddPerson("ada", "release-managers");
                    options.RemoteApprovers["release-managers"] = [grace.Id];
                    configure?.Invoke(options);
                });
            },
            hub =>
            {
                var proxy = new HubProxy(hub);
                take?.Invoke(proxy);
                return proxy;
            },
            Cancel);
        await grace.PublishAsync(host.Hub);
        return host;
    }

    public static async Task<ApprovalCard> AskAsync(AgentFlowTestHost host) =>
        await host.WaitForApprovalAsync(await host.Flow.StartThreadAsync(new Built("shop", "1.9.0"), cancellationToken: Cancel), Cancel);

    /// <summary>Waits until every member of this process has received a position of a thread that runs.</summary>
    public static async Task ReceivedAsync(AgentFlowTestHost host, ThreadId thread, long position)
    {
        var engine = host.Services.GetRequiredService<RuntimeHost>().Running.Engine;
        using var listener = engine.Signals.Listen(thread);
        foreach (var agent in engine.Agents.Keys)
        {
            while (await engine.Store.FindThreadAsync(agent, thread, Cancel) is { } row && row.Received < position)
            {
                Assert.Equal(ThreadOutcome.Running, row.Outcome);
                await listener.NextAsync(Cancel);
            }
        }
    }

    /// <summary>A request's payload, as the generated code writes it.</summary>
    public static byte[] Encode(Deploy request)
    {
        using var buffer = new PooledBuffer();
        var writer = new ProtobufWriter(buffer);
        AgentFlowModule.Descriptor.Messages.Single(message => message.ClrType == typeof(Deploy)).WriteProtobuf(ref writer, request);
        return buffer.WrittenSpan.ToArray();
    }
}
