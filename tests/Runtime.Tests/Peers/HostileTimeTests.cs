using AgentFlow.Protocol.Approvals;
using AgentFlow.Runtime.Tests.Train;
using AgentFlow.Testing;

namespace AgentFlow.Runtime.Tests.Peers;

/// <summary>What a member says of time is 64 bits of its own choice.</summary>
public sealed class HostileTimeTests : IDisposable
{
    private readonly RemotePerson _grace = new("grace");
    private readonly TrainProbe _probe = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _grace.Dispose();

    [Theory, InlineData(long.MaxValue), InlineData(long.MinValue)]
    public async Task A_request_that_says_an_impossible_time_holds_nothing_up(long time)
    {
        await using var host = await RemoteTrain.StartAsync(_grace, _probe, configure: static options => options.DeliveryCredit = 1);
        var first = await RemoteTrain.AskAsync(host);
        await _grace.AskAsync(host.Hub, first.Thread, RemoteTrain.Encode(new Deploy("shop", "6.6.6", "1.8.2", Risk.Low)), time);

        var second = await RemoteTrain.AskAsync(host);
        await host.Person("ada").ApproveAsync(second, cancellationToken: Cancel);
        Assert.Equal(ThreadOutcome.Completed, (await host.Flow.WaitForOutcomeAsync(second.Thread, Cancel)).Outcome);
        await host.Flow.WaitForAsync(first.Thread, static info => info.Position >= 5, Cancel);
        var sent = (await host.Flow.ReadMessagesAsync(first.Thread, Cancel)).Single(message => message.Message is Deploy { Version: "6.6.6" }).SentAt;
        Assert.Equal(time > 0 ? DateTimeOffset.MaxValue.Year : DateTimeOffset.MinValue.Year, sent.Year);
    }

    [Fact]
    public async Task An_envelope_that_fails_again_and_again_parks_its_thread_until_it_passes()
    {
        HubProxy? proxy = null;
        await using var host = await RemoteTrain.StartAsync(_grace, _probe, hub => proxy = hub);
        var card = await RemoteTrain.AskAsync(host);
        using var fresh = await _grace.AddApproverAsync(proxy!.Inner);
        proxy.OnReadAgent = found => found.Agent == _grace.Id ? throw new InvalidDataException() : found;
        await _grace.VoteAsync(proxy.Inner, card, Decision.Yes, fresh);
        var parked = await UntilAsync(host, card.Thread, ThreadOutcome.Parked);
        Assert.Equal("receive.failed at position 5: InvalidDataException", parked.Reason);

        proxy.OnReadAgent = static found => found;
        await UntilAsync(host, card.Thread, ThreadOutcome.Completed);
        Assert.Single(_probe.DeployKeys);
    }

    [Fact]
    public async Task A_no_that_says_an_impossible_time_is_shown_and_counted()
    {
        await using var host = await RemoteTrain.StartAsync(_grace, _probe);
        var card = await RemoteTrain.AskAsync(host);
        await _grace.VoteAsync(
            host.Hub, card, _grace.Keys.Approver!, static vote => vote with { Decision = Decision.No, IssuedAt = long.MaxValue - 1, ExpiresAt = long.MaxValue });
        Assert.Equal(ThreadOutcome.Refused, (await host.Flow.WaitForOutcomeAsync(card.Thread, Cancel)).Outcome);
        var drawn = await host.Flow.Approvals.GetAsync(card.Id, Cancel);
        Assert.Equal(DateTimeOffset.MaxValue.Year, Assert.Single(drawn!.Votes).IssuedAt.Year);
        Assert.Empty(await host.Flow.Approvals.ListPendingAsync(Cancel));
    }

    private static async Task<ThreadInfo> UntilAsync(AgentFlowTestHost host, ThreadId thread, ThreadOutcome outcome)
    {
        ThreadInfo? info;
        while ((info = await host.Flow.GetThreadAsync(thread, Cancel))!.Outcome != outcome)
            host.Clock.Advance(TimeSpan.FromMilliseconds(100));
        return info;
    }
}
