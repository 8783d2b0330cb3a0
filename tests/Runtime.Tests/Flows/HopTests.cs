namespace AgentFlow.Runtime.Tests.Flows;

[Message("hop.ping"), MaxHops(3)]
public sealed partial record Ping(int Number);

[Message("hop.pong")]
public sealed partial record Pong(int Number);

[Agent("pinger")]
public sealed class PingAgent
{
    public Pong Handle(Ping message) => new(message.Number);
}

[Agent("ponger")]
public sealed class PongAgent
{
    public Ping Handle(Pong message) => new(message.Number + 1);
}

public sealed class HopTests
{
    [Fact]
    public async Task A_cycle_ends_as_a_dead_letter_at_the_first_message_beyond_its_hops()
    {
        var cancel = TestContext.Current.CancellationToken;
        await using var host = await FlowHost.StartAsync();
        var thread = await host.Flow.StartThreadAsync(new Ping(1), cancellationToken: cancel);
        var parked = await host.Flow.WaitForOutcomeAsync(thread, cancel);
        Assert.Equal(ThreadOutcome.Parked, parked.Outcome);
        var letter = Assert.Single(await host.Flow.ListDeadLettersAsync(cancel));
        Assert.Equal(("pinger", "hop.ping@1", "hops.exceeded"), (letter.Agent, letter.Contract, letter.Cause));
        var pings = (await host.Flow.ReadMessagesAsync(thread, cancel)).Select(message => message.Message).OfType<Ping>();
        Assert.Equal([1, 2, 3, 4], pings.Select(ping => ping.Number));
    }
}
