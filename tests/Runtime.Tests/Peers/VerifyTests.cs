using AgentFlow.Protocol.Hub;
using AgentFlow.Runtime.Tests.Train;

namespace AgentFlow.Runtime.Tests.Peers;

/// <summary>What a hub can make of the check of a whole thread.</summary>
public sealed class VerifyTests : IDisposable
{
    private readonly RemotePerson _grace = new("grace");

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _grace.Dispose();

    [Fact]
    public async Task Another_thread_and_a_thread_without_its_end_are_not_vouched_for()
    {
        HubProxy? proxy = null;
        await using var host = await RemoteTrain.StartAsync(_grace, new TrainProbe(), hub => proxy = hub);
        var card = await RemoteTrain.AskAsync(host);
        Assert.True((await host.Flow.VerifyThreadAsync(card.Thread, Cancel)).IsValid);

        var other = new ThreadId(new byte[32]);
        var whole = await proxy!.Inner.ReadThreadAsync(card.Thread, 0, 100, 1 << 20, Cancel);
        proxy.OnReadThread = (_, _) => whole;
        var foreign = await host.Flow.VerifyThreadAsync(other, Cancel);
        Assert.Contains("another thread", Assert.Single(foreign.Faults), StringComparison.Ordinal);

        await host.Flow.DestroyThreadAsync(card.Thread, Cancel);
        proxy.OnReadThread = (_, page) => page with { Head = page.Head + 1, Envelopes = [.. page.Envelopes] };
        var cut = await host.Flow.VerifyThreadAsync(card.Thread, Cancel);
        Assert.Contains("gives out nothing after", Assert.Single(cut.Faults), StringComparison.Ordinal);
    }
}
