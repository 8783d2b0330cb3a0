using AgentFlow.Hosting;
using AgentFlow.Runtime.Tests.Flows;
using AgentFlow.Runtime.Tests.Train;
using AgentFlow.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace AgentFlow.Runtime.Tests.Peers;

/// <summary>One app whose agents live in several processes, with a hub between them.</summary>
public sealed class SplitAppTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_thread_goes_through_agents_of_two_processes_and_ends_in_both()
    {
        var (desk, production) = (new TrainProbe(), new TrainProbe());
        await using var first = await StartAsync(desk, null, options =>
        {
            options.HostedAgents = new HashSet<string> { "qa", "security" };
            options.AddPerson("ada", "release-managers");
        });
        await using var second = await StartAsync(production, first, options =>
        {
            (options.HostedAgents, options.AppName) = (new HashSet<string> { "deploy" }, "production");
            options.AcceptThreadsFrom.Add(first.Flow.App);
        });
        var thread = await first.Flow.StartThreadAsync(new Built("shop", "1.9.0"), cancellationToken: Cancel);
        await first.Person("ada").ApproveAsync(await first.WaitForApprovalAsync(thread, Cancel), cancellationToken: Cancel);
        Assert.Equal(ThreadOutcome.Completed, (await first.Flow.WaitForOutcomeAsync(thread, Cancel)).Outcome);
        Assert.Equal(ThreadOutcome.Completed, (await second.Flow.WaitForOutcomeAsync(thread, Cancel)).Outcome);
        Assert.Empty(desk.DeployKeys);
        Assert.Single(production.DeployKeys);
        Assert.True((await second.Flow.VerifyThreadAsync(thread, Cancel)).IsValid);
    }

    [Fact]
    public async Task A_thread_does_not_start_before_the_hub_knows_every_agent_on_its_way()
    {
        await using var host = await StartAsync(new TrainProbe(), null, options =>
        {
            options.HostedAgents = new HashSet<string> { "qa", "security" };
            options.AddPerson("ada", "release-managers");
        });
        var failure = await Assert.ThrowsAsync<AgentFlowException>(async () => await host.Flow.StartThreadAsync(new Built("shop", "1.9.0"), cancellationToken: Cancel));
        Assert.Equal("agent.unknown", failure.Code);
        Assert.Contains("'deploy'", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_agent_that_the_app_does_not_have_cannot_be_hosted()
    {
        var failure = await Assert.ThrowsAsync<InvalidOperationException>(() => StartAsync(new TrainProbe(), null, options => options.HostedAgents = new HashSet<string> { "qaa" }));
        Assert.Contains("'qaa'", failure.Message, StringComparison.Ordinal);
    }

    private static Task<AgentFlowTestHost> StartAsync(TrainProbe probe, AgentFlowTestHost? other, Action<AgentFlowOptions> configure) => AgentFlowTestHost.StartAsync(
        builder =>
        {
            builder.Services.AddSingleton(probe).AddSingleton<FlowProbe>();
            builder.AddAgentFlow(configure);
        },
        hub => other?.Hub ?? hub,
        Cancel);
}
