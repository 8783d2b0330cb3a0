using System.Collections.Concurrent;
using AgentFlow.Runtime.Tests.Train;

namespace AgentFlow.Runtime.Tests.Flows;

public sealed class RetryTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_failing_handler_is_tried_again_after_its_pause_and_its_finished_step_is_not_run_again()
    {
        var probe = new TrainProbe();
        probe.OnHandle = (agent, attempt) => Fail(agent == "deploy" && attempt < 3);
        await using var host = await TrainTests.StartAsync(probe);
        var thread = await host.Flow.StartThreadAsync(new Built("shop", "1.9.0"), cancellationToken: Cancel);
        var card = await host.WaitForApprovalAsync(thread, Cancel);
        await host.Person("ada").ApproveAsync(card, cancellationToken: Cancel);
        await UntilRetriedAsync(host.Flow, thread, 1);
        host.Clock.Advance(TimeSpan.FromSeconds(1));
        await UntilRetriedAsync(host.Flow, thread, 2);
        host.Clock.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(ThreadOutcome.Completed, (await host.Flow.WaitForOutcomeAsync(thread, Cancel)).Outcome);
        Assert.Equal([1, 2, 3], probe.Handled.Where(call => call.Agent == "deploy").Select(call => call.Attempt));
        Assert.Single(probe.DeployKeys);
    }

    [Fact]
    public async Task A_handler_that_keeps_failing_makes_a_dead_letter_parks_the_thread_and_goes_on_when_it_is_retried()
    {
        var probe = new TrainProbe();
        bool isBroken = true;
        probe.OnHandle = (agent, _) => Fail(agent == "deploy" && Volatile.Read(ref isBroken));
        await using var host = await TrainTests.StartAsync(probe);
        var thread = await host.Flow.StartThreadAsync(new Built("shop", "1.9.0"), cancellationToken: Cancel);
        var card = await host.WaitForApprovalAsync(thread, Cancel);
        await host.Person("ada").ApproveAsync(card, cancellationToken: Cancel);
        await UntilRetriedAsync(host.Flow, thread, 1);
        host.Clock.Advance(TimeSpan.FromSeconds(1));
        await UntilRetriedAsync(host.Flow, thread, 2);
        host.Clock.Advance(TimeSpan.FromSeconds(2));
        var parked = await host.Flow.WaitForOutcomeAsync(thread, Cancel);
        Assert.Equal(ThreadOutcome.Parked, parked.Outcome);
        var letter = Assert.Single(await host.Flow.ListDeadLettersAsync(Cancel));
        Assert.Equal(("deploy", "release.deploy@1", 3), (letter.Agent, letter.Contract, letter.Attempts));
        Assert.Equal(ApprovalStatus.Approved, (await host.Flow.Approvals.GetAsync(card.Id, Cancel))!.Status);

        await host.RestartAsync(Cancel);
        Assert.Equal(ThreadOutcome.Parked, (await host.Flow.GetThreadAsync(thread, Cancel))!.Outcome);
        Volatile.Write(ref isBroken, false);
        Assert.True(await host.Flow.RetryDeadLetterAsync(letter.Id, Cancel));
        Assert.Equal(ThreadOutcome.Completed, (await host.Flow.WaitForOutcomeAsync(thread, Cancel)).Outcome);
        Assert.Empty(await host.Flow.ListDeadLettersAsync(Cancel));
        Assert.False(await host.Flow.RetryDeadLetterAsync(letter.Id, Cancel));
        Assert.Single(probe.DeployKeys);
    }

    [Fact]
    public async Task A_try_that_came_due_while_the_process_was_down_is_made_at_the_start()
    {
        var probe = new FlowProbe();
        int failures = 1;
        probe.OnTick = _ => Fail(Interlocked.Decrement(ref failures) >= 0);
        await using var host = await FlowHost.StartAsync(probe);
        var thread = await host.Flow.StartThreadAsync(new StartCounting(1), cancellationToken: Cancel);
        await UntilRetriedAsync(host.Flow, thread, 1);
        await host.StopAsync(Cancel);
        host.Clock.Advance(TimeSpan.FromMinutes(5));
        await host.RestartAsync(Cancel);
        Assert.Equal(ThreadOutcome.Completed, (await host.Flow.WaitForOutcomeAsync(thread, Cancel)).Outcome);
    }

    [Fact]
    public async Task Messages_of_a_thread_are_handled_in_order_also_when_one_must_wait()
    {
        var probe = new FlowProbe();
        var seen = new ConcurrentQueue<int>();
        int failures = 1;
        probe.OnTick = number =>
        {
            Fail(number == 3 && Interlocked.Decrement(ref failures) >= 0);
            seen.Enqueue(number);
        };
        await using var host = await FlowHost.StartAsync(probe);
        var thread = await host.Flow.StartThreadAsync(new StartCounting(20), cancellationToken: Cancel);
        await UntilRetriedAsync(host.Flow, thread, 1);
        host.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(ThreadOutcome.Completed, (await host.Flow.WaitForOutcomeAsync(thread, Cancel)).Outcome);
        Assert.Equal(Enumerable.Range(1, 20), seen);
    }

    internal static async Task UntilRetriedAsync(IAgentFlow flow, ThreadId thread, int times)
    {
        int seen = 0;
        await foreach (var step in flow.WatchStepsAsync(thread, Cancel))
        {
            if (step.Kind == ThreadStepKind.Retried && ++seen == times)
                return;
        }

        Assert.Fail($"The thread stopped after {seen} retries.");
    }

    private static void Fail(bool now)
    {
        if (now)
            throw new TimeoutException("The test asked for it.");
    }
}
