using AgentFlow.Runtime.Tests.Train;

namespace AgentFlow.Runtime.Tests.Flows;

public sealed class ThreadTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task State_is_kept_between_messages_and_over_a_restart()
    {
        var probe = new FlowProbe();
        var third = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        bool isHeld = true;
        probe.OnTick = number =>
        {
            if (number == 3 && Volatile.Read(ref isHeld))
            {
                third.TrySetResult();
                throw new TimeoutException("The test asked for it.");
            }
        };
        await using var host = await FlowHost.StartAsync(probe);
        var thread = await host.Flow.StartThreadAsync(new StartCounting(5), cancellationToken: Cancel);
        await third.Task.WaitAsync(Cancel);
        await RetryTests.UntilRetriedAsync(host.Flow, thread, 1);
        Volatile.Write(ref isHeld, false);
        await host.RestartAsync(Cancel);
        host.Clock.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(ThreadOutcome.Completed, (await host.Flow.WaitForOutcomeAsync(thread, Cancel)).Outcome);
        var handled = (await host.Flow.ReadStepsAsync(thread, Cancel)).Where(step => step is { Kind: ThreadStepKind.Handled, Agent: "sink" });
        Assert.Equal(5, handled.Count());
    }

    [Fact]
    public async Task A_scheduled_message_is_sent_when_it_is_due_and_not_before()
    {
        var probe = new FlowProbe();
        var rings = new List<int>();
        probe.OnTick = rings.Add;
        await using var host = await FlowHost.StartAsync(probe);
        var thread = await host.Flow.StartThreadAsync(new SetAlarm(30), cancellationToken: Cancel);
        await UntilAsync(host.Flow, thread, step => step is { Kind: ThreadStepKind.Handled, Agent: "alarm" });
        host.Clock.Advance(TimeSpan.FromMinutes(29));
        Assert.Empty(rings);
        await host.RestartAsync(Cancel);
        host.Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(ThreadOutcome.Completed, (await host.Flow.WaitForOutcomeAsync(thread, Cancel)).Outcome);
        Assert.Equal([30], rings);
    }

    [Fact]
    public async Task Two_starts_with_one_key_give_one_thread_over_a_restart_too()
    {
        await using var host = await FlowHost.StartAsync();
        var options = new StartThreadOptions { IdempotencyKey = "order 7" };
        var first = await host.Flow.StartThreadAsync(new StartCounting(1), options, Cancel);
        var second = await host.Flow.StartThreadAsync(new StartCounting(1), options, Cancel);
        await host.RestartAsync(Cancel);
        var third = await host.Flow.StartThreadAsync(new StartCounting(1), options, Cancel);
        Assert.Equal((first, first), (second, third));
        Assert.Equal([first], (await host.Flow.ListThreadsAsync(cancellationToken: Cancel)).Select(info => info.Id));
    }

    [Fact]
    public async Task A_contract_that_ends_the_thread_as_failed_does_so()
    {
        await using var host = await TrainTests.StartAsync(new TrainProbe());
        var thread = await host.Flow.StartThreadAsync(new Built("shop", "broken"), cancellationToken: Cancel);
        Assert.Equal(ThreadOutcome.Failed, (await host.Flow.WaitForOutcomeAsync(thread, Cancel)).Outcome);
        Assert.Empty(await host.Flow.Approvals.ListPendingAsync(Cancel));
    }

    [Fact]
    public async Task The_timeline_says_who_did_what_in_order()
    {
        await using var host = await TrainTests.StartAsync(new TrainProbe());
        var thread = await host.Flow.StartThreadAsync(new Built("shop", "1.9.0"), cancellationToken: Cancel);
        var card = await host.WaitForApprovalAsync(thread, Cancel);
        await host.Person("ada").ApproveAsync(card, "ok", Cancel);
        await host.Flow.WaitForOutcomeAsync(thread, Cancel);
        var steps = await host.Flow.ReadStepsAsync(thread, Cancel);
        Assert.Equal(["qa", "security", "deploy"], steps.Where(step => step.Kind == ThreadStepKind.Handled).Select(step => step.Agent));
        Assert.All(steps.Where(step => step.Kind == ThreadStepKind.Handled), step => Assert.NotNull(step.Duration));
        Assert.Single(steps, step => step.Kind == ThreadStepKind.ApprovalRequested && step.Detail == card.Id);
        Assert.Single(steps, step => step is { Kind: ThreadStepKind.ApprovalVoted, Agent: "ada" });
        Assert.Single(steps, step => step.Kind == ThreadStepKind.ApprovalDecided);
        Assert.Single(steps, step => step.Kind == ThreadStepKind.Ended);
    }

    [Fact]
    public async Task A_destroyed_thread_cannot_be_read_any_more()
    {
        await using var host = await FlowHost.StartAsync();
        var thread = await host.Flow.StartThreadAsync(new StartCounting(2), cancellationToken: Cancel);
        await host.Flow.WaitForOutcomeAsync(thread, Cancel);
        await host.Flow.DestroyThreadAsync(thread, Cancel);
        Assert.Null(await host.Flow.GetThreadAsync(thread, Cancel));
        Assert.Empty(await host.Flow.ReadStepsAsync(thread, Cancel));
        await host.RestartAsync(Cancel);
        Assert.Null(await host.Flow.GetThreadAsync(thread, Cancel));
    }

    [Fact]
    public async Task A_thread_that_is_not_known_is_said_so()
    {
        await using var host = await FlowHost.StartAsync();
        var unknown = new ThreadId(new byte[32]);
        Assert.Null(await host.Flow.GetThreadAsync(unknown, Cancel));
        await Assert.ThrowsAsync<ArgumentException>(async () => await host.Flow.WaitForOutcomeAsync(unknown, Cancel));
    }

    private static async Task UntilAsync(IAgentFlow flow, ThreadId thread, Func<ThreadStep, bool> condition)
    {
        await foreach (var step in flow.WatchStepsAsync(thread, Cancel))
        {
            if (condition(step))
                return;
        }

        Assert.Fail("The thread stopped before.");
    }
}
