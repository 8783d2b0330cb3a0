using AgentFlow.Runtime.Tests.Flows;
using AgentFlow.Runtime.Tests.Train;
using AgentFlow.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace AgentFlow.Runtime.Tests.Peers;

/// <summary>One app whose agents live in several processes, with a hub between them.</summary>
public sealed class SplitAppTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_thread_goes_through_agents_of_two_processes_and_ends_in_both()
    {
        var (desk, production) = (new TrainProbe(), new TrainProbe());
        await using var first = await StartAsync(desk, null, Desk);
        await using var second = await StartAsync(production, first, options => Production(options, first.Flow.App));
        var thread = await first.Flow.StartThreadAsync(new Built("shop", "1.9.0"), cancellationToken: Cancel);
        await first.Person("ada").ApproveAsync(await first.WaitForApprovalAsync(thread, Cancel), cancellationToken: Cancel);
        Assert.Equal(ThreadOutcome.Completed, (await first.Flow.WaitForOutcomeAsync(thread, Cancel)).Outcome);
        Assert.Equal(ThreadOutcome.Completed, (await second.Flow.WaitForOutcomeAsync(thread, Cancel)).Outcome);
        Assert.Empty(desk.DeployKeys);
        Assert.Single(production.DeployKeys);
        Assert.True((await second.Flow.VerifyThreadAsync(thread, Cancel)).IsValid);
    }

    [Fact]
    public async Task A_process_with_people_alone_sees_the_request_the_answer_and_the_end_once()
    {
        await using var people = await StartAsync(new TrainProbe(), null, options =>
        {
            options.HostedAgents = new HashSet<string>();
            options.AddPerson("ada", "release-managers");
            options.AddPerson("bob", "release-managers");
        });
        await using var work = await StartAsync(new TrainProbe(), people, options =>
        {
            (options.HostedAgents, options.AppName) = (new HashSet<string> { "qa", "security", "deploy" }, "work");
            options.AcceptThreadsFrom.Add(people.Flow.App);
        });
        var thread = await people.Flow.StartThreadAsync(new Built("shop", "1.9.0"), cancellationToken: Cancel);
        var card = await people.WaitForApprovalAsync(thread, Cancel);
        await people.Person("bob").RejectAsync(card, "not on a Friday", Cancel);
        Assert.Equal(ThreadOutcome.Refused, (await people.Flow.WaitForOutcomeAsync(thread, Cancel)).Outcome);
        Assert.Equal(ThreadOutcome.Refused, (await work.Flow.WaitForOutcomeAsync(thread, Cancel)).Outcome);
        var steps = await people.Flow.ReadStepsAsync(thread, Cancel);
        Assert.Equal(
            [ThreadStepKind.Message, ThreadStepKind.ApprovalRequested, ThreadStepKind.ApprovalVoted, ThreadStepKind.ApprovalDecided, ThreadStepKind.Ended],
            steps.Select(step => step.Kind).Order());
        Assert.Equal(card.Id, steps.Single(step => step.Kind == ThreadStepKind.ApprovalRequested).Detail);
    }

    [Fact]
    public async Task An_answer_that_was_acted_on_in_time_elsewhere_overrules_an_expiry_by_the_own_clock()
    {
        AgentId? starter = null;
        await using var people = await StartAsync(new TrainProbe(), null, options =>
        {
            (options.HostedAgents, options.AppName) = (new HashSet<string>(), "people");
            options.AddPerson("ada", "release-managers");
            if (starter is { } known)
                options.AcceptThreadsFrom.Add(known);
        });
        var ada = await people.Hub.ResolveNameAsync("ada", Cancel);
        await using var work = await StartAsync(new TrainProbe(), people, options => options.RemoteApprovers["release-managers"] = [ada!.Value]);
        starter = work.Flow.App;
        await people.RestartAsync(Cancel);
        var thread = await work.Flow.StartThreadAsync(new Built("shop", "1.9.0"), cancellationToken: Cancel);
        await work.WaitForApprovalAsync(thread, Cancel);
        using var soon = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        soon.CancelAfter(TimeSpan.FromSeconds(30));
        while (await people.Flow.GetThreadAsync(thread, soon.Token) is not { PendingApprovals.Count: 1 })
            soon.Token.ThrowIfCancellationRequested();
        var card = await people.WaitForApprovalAsync(thread, Cancel);

        // The answer is on its way, the clock here goes on, and the other process comes back to count it.
        await work.StopAsync(Cancel);
        await people.Person("ada").ApproveAsync(card, cancellationToken: Cancel);
        people.Clock.Advance(TimeSpan.FromHours(3));
        Assert.Equal(ThreadOutcome.Expired, (await people.Flow.WaitForOutcomeAsync(thread, Cancel)).Outcome);
        await work.RestartAsync(Cancel);
        Assert.Equal(ThreadOutcome.Completed, (await work.Flow.WaitForOutcomeAsync(thread, Cancel)).Outcome);
        while (await people.Flow.GetThreadAsync(thread, soon.Token) is not { Outcome: ThreadOutcome.Completed })
            soon.Token.ThrowIfCancellationRequested();
    }

    [Fact]
    public async Task A_thread_does_not_start_before_the_hub_knows_every_agent_on_its_way()
    {
        await using var host = await StartAsync(new TrainProbe(), null, Desk);
        var failure = await Assert.ThrowsAsync<AgentFlowException>(async () => await host.Flow.StartThreadAsync(new Built("shop", "1.9.0"), cancellationToken: Cancel));
        Assert.Equal("agent.unknown", failure.Code);
        Assert.Contains("'deploy'", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_hub_cannot_name_an_agent_whose_own_log_has_another_name()
    {
        HubProxy? proxy = null;
        await using var host = await StartAsync(new TrainProbe(), null, Desk, hub => proxy = hub);
        var qa = await proxy!.Inner.ResolveNameAsync("qa", Cancel);
        proxy.OnResolve = (name, found) => name == "deploy" ? qa : found;
        var failure = await Assert.ThrowsAsync<AgentFlowException>(async () => await host.Flow.StartThreadAsync(new Built("shop", "1.9.0"), cancellationToken: Cancel));
        Assert.Equal("agent.name", failure.Code);
    }

    [Fact]
    public async Task The_hub_cannot_put_another_agent_in_the_place_of_one_that_was_known_before()
    {
        HubProxy? proxy = null;
        using var impostor = new RemotePerson("deploy");
        await using var first = await StartAsync(new TrainProbe(), null, Desk, hub => proxy = hub);
        await using var second = await StartAsync(new TrainProbe(), first, options => Production(options, first.Flow.App));
        await first.Flow.StartThreadAsync(new Built("shop", "1.9.0"), cancellationToken: Cancel);
        proxy!.OnResolve = (name, found) => name == "deploy" ? impostor.Id : found;
        proxy.OnUnknownAgent = _ => impostor.Keys.Registration;
        var failure = await Assert.ThrowsAsync<AgentFlowException>(async () => await first.Flow.StartThreadAsync(new Built("shop", "1.9.1"), cancellationToken: Cancel));
        Assert.Equal("agent.name", failure.Code);
    }

    [Fact]
    public async Task The_name_of_an_agent_that_another_process_hosts_is_not_free_for_the_app()
    {
        var failure = await Assert.ThrowsAsync<InvalidOperationException>(() => StartAsync(new TrainProbe(), null, options =>
        {
            Desk(options);
            options.AppName = "deploy";
        }));
        Assert.Contains("'deploy'", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_agent_that_the_app_does_not_have_cannot_be_hosted()
    {
        var failure = await Assert.ThrowsAsync<InvalidOperationException>(() => StartAsync(new TrainProbe(), null, options => options.HostedAgents = new HashSet<string> { "qaa" }));
        Assert.Contains("'qaa'", failure.Message, StringComparison.Ordinal);
    }

    private static void Desk(AgentFlowOptions options)
    {
        options.HostedAgents = new HashSet<string> { "qa", "security" };
        options.AddPerson("ada", "release-managers");
    }

    private static void Production(AgentFlowOptions options, AgentId desk)
    {
        (options.HostedAgents, options.AppName) = (new HashSet<string> { "deploy" }, "production");
        options.AcceptThreadsFrom.Add(desk);
    }

    private static Task<AgentFlowTestHost> StartAsync(
        TrainProbe probe, AgentFlowTestHost? other, Action<AgentFlowOptions> configure, Action<HubProxy>? take = null) => AgentFlowTestHost.StartAsync(
        builder =>
        {
            builder.Services.AddSingleton(probe).AddSingleton<FlowProbe>();
            builder.AddAgentFlow(configure);
        },
        hub =>
        {
            var proxy = new HubProxy(other?.Hub ?? hub);
            take?.Invoke(proxy);
            return proxy;
        },
        Cancel);
}
