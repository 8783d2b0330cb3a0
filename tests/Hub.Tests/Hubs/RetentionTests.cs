using AgentFlow.Hub.Tests.Helpers;

namespace AgentFlow.Hub.Tests.Hubs;

public abstract partial class HubContract
{
    [Fact]
    public async Task The_retention_of_a_hub_hides_bodies_of_the_threads_that_it_created_but_no_commit_and_threads_go_on()
    {
        using var before = await CreateThreadAsync(1);
        await AppendAsync(before, 2, 2, before.Seal(before.A, "stays"));
        Retention = TimeSpan.FromDays(1);
        await RestartAsync();
        using var after = await CreateThreadAsync(3);
        await AppendAsync(after, 4, 2, after.Seal(after.A, "goes"));
        Time.Advance(TimeSpan.FromDays(2));

        Assert.Equal([false, true], await HiddenAsync(after.Id));
        if (IsDurable)
            Assert.Equal([false, false], await HiddenAsync(before.Id));
        await AppendAsync(after, 5, 3, after.Seal(after.A, "comes"));
        Assert.Equal([false, true, false], await HiddenAsync(after.Id));
    }

    private async Task<IEnumerable<bool>> HiddenAsync(ThreadId thread) =>
        (await Hub.ReadThreadAsync(thread, 0, 10, 1 << 20, Token)).Envelopes.Select(envelope => envelope.IsExpired);
}
