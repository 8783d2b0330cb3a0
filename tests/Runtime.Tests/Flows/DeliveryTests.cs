using AgentFlow.Hosting;
using AgentFlow.Runtime.Tests.Peers;
using AgentFlow.Runtime.Tests.Train;
using AgentFlow.SourceGeneration;
using AgentFlow.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace AgentFlow.Runtime.Tests.Flows;

public sealed class DeliveryTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_start_is_durable_before_it_returns_also_while_the_hub_is_down()
    {
        FaultyHub? hub = null;
        await using var host = await FlowHost.StartAsync(wrapHub: inner => hub = new FaultyHub(inner) { IsDown = true });
        var thread = await host.Flow.StartThreadAsync(new StartCounting(2), cancellationToken: Cancel);
        await host.StopAsync(Cancel);
        hub!.IsDown = false;
        await host.RestartAsync(Cancel);
        Assert.Equal(ThreadOutcome.Completed, (await host.Flow.WaitForOutcomeAsync(thread, Cancel)).Outcome);
    }

    [Fact]
    public async Task An_answer_waits_until_the_persons_own_view_of_the_thread_has_come_to_the_request()
    {
        FaultyHub? hub = null;
        await using var host = await FlowHost.StartAsync(
            new FlowProbe(), options => options.AddPerson("ada", "release-managers"), inner => hub = new FaultyHub(inner) { LateAgent = "ada" });
        var thread = await host.Flow.StartThreadAsync(new Built("shop", "1.9.0"), cancellationToken: Cancel);
        var card = await host.WaitForApprovalAsync(thread, Cancel);
        var decision = host.Person("ada").ApproveAsync(card, cancellationToken: Cancel).AsTask();
        hub!.Release.SetResult();
        Assert.Equal(DecisionStatus.Recorded, (await decision).Status);
        Assert.Equal(ThreadOutcome.Completed, (await host.Flow.WaitForOutcomeAsync(thread, Cancel)).Outcome);
    }

    [Fact]
    public async Task Who_decided_sees_the_decision_also_before_the_executing_agent_has_received_it()
    {
        FaultyHub? hub = null;
        await using var host = await FlowHost.StartAsync(
            new FlowProbe(), options => options.AddPerson("ada", "release-managers"), inner => hub = new FaultyHub(inner));
        var thread = await host.Flow.StartThreadAsync(new Built("shop", "1.9.0"), cancellationToken: Cancel);
        var card = await host.WaitForApprovalAsync(thread, Cancel);
        await RemoteTrain.ReceivedAsync(host, thread, card.Position);
        hub!.LateAgent = "deploy";
        var decision = await host.Person("ada").ApproveAsync(card, cancellationToken: Cancel);
        Assert.Equal((DecisionStatus.Recorded, 1), (decision.Status, decision.Approval!.Votes.Count));
        Assert.Single((await host.Flow.Approvals.GetAsync(card.Id, Cancel))!.Votes);
        hub.Release.SetResult();
        Assert.Equal(ThreadOutcome.Completed, (await host.Flow.WaitForOutcomeAsync(thread, Cancel)).Outcome);
    }

    [Fact]
    public async Task A_send_whose_answer_is_lost_is_repeated_with_the_same_bytes_and_stands_once()
    {
        FaultyHub? hub = null;
        await using var host = await FlowHost.StartAsync(wrapHub: inner => hub = new FaultyHub(inner));
        hub!.LosesAnswers = 3;
        var thread = await host.Flow.StartThreadAsync(new StartCounting(3), cancellationToken: Cancel);
        var end = host.Flow.WaitForOutcomeAsync(thread, Cancel).AsTask();
        while (!end.IsCompleted)
        {
            host.Clock.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }

        Assert.Equal(ThreadOutcome.Completed, (await end).Outcome);
        Assert.True((await host.Flow.VerifyThreadAsync(thread, Cancel)).IsValid);
        var ticks = (await host.Flow.ReadMessagesAsync(thread, Cancel)).Select(message => message.Message).OfType<Tick>();
        Assert.Equal([1, 2, 3], ticks.Select(tick => tick.Number));
    }

    [Fact]
    public async Task What_is_delivered_again_is_not_handled_again()
    {
        var probe = new FlowProbe();
        var handled = new List<int>();
        probe.OnTick = handled.Add;
        await using var host = await FlowHost.StartAsync(probe, wrapHub: inner => new FaultyHub(inner) { LosesAcknowledgements = true });
        var thread = await host.Flow.StartThreadAsync(new StartCounting(4), cancellationToken: Cancel);
        await host.Flow.WaitForOutcomeAsync(thread, Cancel);
        await host.RestartAsync(Cancel);
        var second = await host.Flow.StartThreadAsync(new StartCounting(1), cancellationToken: Cancel);
        await host.Flow.WaitForOutcomeAsync(second, Cancel);
        Assert.Equal([1, 2, 3, 4, 1], handled);
    }

    [Fact]
    public async Task A_contract_that_this_code_does_not_know_parks_the_thread_until_newer_code_runs()
    {
        FaultyHub? hub = null;
        var module = AgentFlowModule.Descriptor;
        await using var host = await AgentFlowTestHost.StartAsync(
            builder =>
            {
                builder.Services.AddSingleton<FlowProbe>().AddSingleton<TrainProbe>();
                AgentFlowHosting.Add(builder, null, module);
            },
            inner => hub = new FaultyHub(inner) { IsDown = true },
            Cancel);
        var thread = await host.Flow.StartThreadAsync(new StartCounting(3), cancellationToken: Cancel);
        await host.StopAsync(Cancel);

        (module, hub!.IsDown) = (Without("count.start"), false);
        await host.RestartAsync(Cancel);
        var parked = await host.Flow.WaitForOutcomeAsync(thread, Cancel);
        Assert.Equal(ThreadOutcome.Parked, parked.Outcome);
        Assert.Contains("needs newer code", parked.Reason!, StringComparison.Ordinal);

        module = AgentFlowModule.Descriptor;
        await host.RestartAsync(Cancel);
        using var listener = host.Services.GetRequiredService<RuntimeHost>().Running.Engine.Signals.Listen(thread);
        ThreadInfo? info;
        while ((info = await host.Flow.GetThreadAsync(thread, Cancel))!.Outcome is not ThreadOutcome.Completed)
            await listener.NextAsync(Cancel);
        Assert.Equal(ThreadOutcome.Completed, info.Outcome);
    }

    [Fact]
    public async Task Many_threads_at_once_end_and_leave_a_bounded_number_in_memory()
    {
        await using var host = await FlowHost.StartAsync(configure: options => options.IdleThreadsInMemory = 8);
        var threads = new List<ThreadId>();
        for (int i = 0; i < 40; i++)
            threads.Add(await host.Flow.StartThreadAsync(new StartCounting(2), cancellationToken: Cancel));
        foreach (var thread in threads)
            Assert.Equal(ThreadOutcome.Completed, (await host.Flow.WaitForOutcomeAsync(thread, Cancel)).Outcome);
        var runtime = host.Services.GetRequiredService<RuntimeHost>().Running;
        await host.StopAsync(Cancel);
        Assert.InRange(runtime.Engine.Processors.Count, 0, 8);
    }

    private static ModuleDescriptor Without(string contract) => new()
    {
        Assembly = AgentFlowModule.Descriptor.Assembly,
        Messages = [.. AgentFlowModule.Descriptor.Messages.Where(message => message.Name != contract)],
        Agents = [.. AgentFlowModule.Descriptor.Agents.Where(agent => agent.Handlers.All(handler => handler.Message.Name != contract))],
        GraphJson = "{}",
        GraphMermaid = "",
    };
}
