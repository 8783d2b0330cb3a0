using AgentFlow.Protocol.Threads;
using AgentFlow.Runtime.Tests.Train;
using AgentFlow.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace AgentFlow.Runtime.Tests.Peers;

/// <summary>Threads that an agent of another process starts with agents of this one.</summary>
public sealed class ForeignThreadTests : IDisposable
{
    private readonly RemotePerson _grace = new("grace");
    private readonly TaskCompletionSource<ThreadId> _acknowledged = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _grace.Dispose();

    [Fact]
    public async Task A_thread_whose_creator_has_a_longer_log_than_is_pinned_is_joined()
    {
        var (host, proxy) = await StartAsync();
        await using var _ = host;
        var first = await CreateThreadAsync(proxy);
        Assert.Equal(first, await _acknowledged.Task.WaitAsync(Cancel));
        using var added = await _grace.AddApproverAsync(proxy.Inner);
        var again = new TaskCompletionSource<ThreadId>(TaskCreationOptions.RunContinuationsAsynchronously);
        proxy.OnAcknowledge = (_, thread) =>
        {
            if (thread != first)
                again.TrySetResult(thread);
        };
        var second = await CreateThreadAsync(proxy);
        Assert.Equal(second, await again.Task.WaitAsync(Cancel));
        Assert.NotNull(await host.Flow.GetThreadAsync(second, Cancel));
    }

    [Fact]
    public async Task A_thread_whose_logs_are_not_to_be_had_yet_is_joined_once_they_are()
    {
        var (host, proxy) = await StartAsync();
        await using var _ = host;
        int asked = 0;
        var refused = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        proxy.OnReadAgent = found =>
        {
            if (found.Agent != _grace.Id || Interlocked.Increment(ref asked) > 1)
                return found;
            refused.TrySetResult();
            return null;
        };
        var thread = await CreateThreadAsync(proxy);
        await refused.Task.WaitAsync(Cancel);
        while (!_acknowledged.Task.IsCompleted)
        {
            Cancel.ThrowIfCancellationRequested();
            host.Clock.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }

        Assert.NotNull(await host.Flow.GetThreadAsync(thread, Cancel));
    }

    [Fact]
    public async Task An_agent_with_handlers_does_not_join_a_thread_in_which_it_may_only_read()
    {
        var (host, proxy) = await StartAsync();
        await using var _ = host;
        var thread = await _grace.CreateThreadAsync(proxy.Inner, "qa", MemberRole.ReadOnly);
        Assert.Equal(thread, await _acknowledged.Task.WaitAsync(Cancel));
        Assert.Null(await host.Flow.GetThreadAsync(thread, Cancel));
    }

    [Fact]
    public async Task A_thread_whose_logs_are_never_to_be_had_does_not_hold_up_the_other_threads_of_its_agent()
    {
        var (host, proxy) = await StartAsync(static options => options.DeliveryCredit = 1);
        await using var _ = host;
        var refused = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        proxy.OnReadAgent = found =>
        {
            if (found.Agent != _grace.Id)
                return found;
            refused.TrySetResult();
            return null;
        };
        var stuck = await CreateThreadAsync(proxy);
        await refused.Task.WaitAsync(Cancel);
        var thread = await host.Flow.StartThreadAsync(new Built("shop", "broken"), cancellationToken: Cancel);
        Assert.Equal(ThreadOutcome.Failed, (await host.Flow.WaitForOutcomeAsync(thread, Cancel)).Outcome);
        Assert.Null(await host.Flow.GetThreadAsync(stuck, Cancel));
    }

    private async Task<(AgentFlowTestHost Host, HubProxy Hub)> StartAsync(Action<AgentFlowOptions>? configure = null)
    {
        HubProxy? proxy = null;
        var host = await AgentFlowTestHost.StartAsync(
            builder =>
            {
                builder.Services.AddSingleton<TrainProbe>().AddSingleton<AgentFlow.Runtime.Tests.Flows.FlowProbe>();
                builder.AddAgentFlow(options =>
                {
                    options.AddPerson("ada", "release-managers").AcceptThreadsFrom.Add(_grace.Id);
                    configure?.Invoke(options);
                });
            },
            hub => proxy = new HubProxy(hub) { OnAcknowledge = (_, thread) => _acknowledged.TrySetResult(thread) },
            Cancel);
        await _grace.PublishAsync(host.Hub);
        return (host, proxy!);
    }

    private Task<ThreadId> CreateThreadAsync(HubProxy proxy) => _grace.CreateThreadAsync(proxy.Inner, "qa");
}
