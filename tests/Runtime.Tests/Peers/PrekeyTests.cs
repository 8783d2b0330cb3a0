using AgentFlow.Protocol.Identity;
using AgentFlow.Runtime.Tests.Flows;
using AgentFlow.Runtime.Tests.Train;

namespace AgentFlow.Runtime.Tests.Peers;

public sealed class PrekeyTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_process_that_runs_for_days_publishes_new_prekeys_and_joins_by_them()
    {
        HubProxy? proxy = null;
        await using var host = await FlowHost.StartAsync(
            configure: options => options.AddPerson("ada", "release-managers"), wrapHub: hub => proxy = new HubProxy(hub));
        var qa = (await host.Hub.ResolveNameAsync("qa", Cancel))!.Value;
        var published = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        proxy!.OnRegister = registration =>
        {
            if (registration.Agent == qa)
                published.TrySetResult();
        };
        for (var passed = TimeSpan.Zero; !published.Task.IsCompleted && passed < TimeSpan.FromDays(13); passed += TimeSpan.FromMinutes(1))
        {
            host.Clock.Advance(TimeSpan.FromMinutes(1));
            await Task.Yield();
        }

        await published.Task.WaitAsync(TimeSpan.FromSeconds(20), Cancel);
        Assert.True(KeyBundle.TryParse((await host.Hub.ReadAgentAsync(qa, Cancel))!.KeyBundle.Span, out var bundle, out _));
        Assert.True(bundle.PrekeyId > 1);
        var card = await host.WaitForApprovalAsync(await host.Flow.StartThreadAsync(new Built("shop", "1.9.0"), cancellationToken: Cancel), Cancel);
        Assert.Equal("Deploy shop 1.9.0 to production", card.Summary);
    }
}
