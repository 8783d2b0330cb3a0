using AgentFlow.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace AgentFlow.Runtime.Tests.Train;

public sealed class TrainTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_train_runs_to_its_gate_and_deploys_after_a_person_approved()
    {
        var probe = new TrainProbe();
        await using var host = await StartAsync(probe);
        var thread = await host.Flow.StartThreadAsync(new Built("shop", "1.9.0"), cancellationToken: Cancel);
        var card = await host.WaitForApprovalAsync(thread, Cancel);
        Assert.Equal("Deploy shop 1.9.0 to production", card.Summary);

        var decision = await host.Person("ada").ApproveAsync(card, "ok", Cancel);

        Assert.Equal(DecisionStatus.Recorded, decision.Status);
        var end = await host.Flow.WaitForOutcomeAsync(thread, Cancel);
        Assert.Equal(ThreadOutcome.Completed, end.Outcome);
        Assert.Single(probe.DeployKeys);
    }

    internal static Task<AgentFlowTestHost> StartAsync(TrainProbe probe, Action<AgentFlowOptions>? configure = null) => AgentFlowTestHost.StartAsync(
        builder =>
        {
            builder.Services.AddSingleton(probe).AddSingleton<AgentFlow.Runtime.Tests.Flows.FlowProbe>();
            builder.AddAgentFlow(options =>
            {
                options.AddPerson("ada", "release-managers");
                configure?.Invoke(options);
            });
        },
        Cancel);
}
