namespace AgentFlow.Runtime.Tests.Canary;

/// <summary>Destroying a thread shreds its storage keys, and only its own.</summary>
public sealed class DestroyedThreadTests
{
    private readonly Canaries _canaries = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_destroyed_thread_cannot_be_read_and_its_neighbour_lives_on()
    {
        await using var app = new CanaryApp(_canaries, new CapturedText());
        var run = new CanaryRun(app, _canaries, Cancel);
        await app.StartAsync(Cancel);
        var (destroyed, neighbour) = (await run.StartAsync(), await run.StartAsync());
        var card = await app.WaitForCardAsync(destroyed, Cancel);
        await app.WaitForCardAsync(neighbour, Cancel);

        await app.Flow.DestroyThreadAsync(destroyed, Cancel);
        await AssertGoneAsync(app.Flow, destroyed, card.Id);
        await app.StopAsync();
        await app.StartAsync(Cancel);
        await AssertGoneAsync(app.Flow, destroyed, card.Id);

        await run.ApproveAsync(neighbour);
        Assert.Contains(await app.Flow.ReadMessagesAsync(neighbour, Cancel), message => message.Message is CanaryReleased);
    }

    [Fact]
    public async Task The_wrapped_keys_of_a_destroyed_thread_are_in_no_file()
    {
        await using var app = new CanaryApp(_canaries, new CapturedText());
        var run = new CanaryRun(app, _canaries, Cancel);
        await app.StartAsync(Cancel);
        var (destroyed, neighbour) = (await run.StartAsync(), await run.StartAsync());
        await app.WaitForCardAsync(destroyed, Cancel);
        await app.WaitForCardAsync(neighbour, Cancel);
        await app.StopAsync();
        var (shredded, kept) = (await KeysAsync(app, destroyed), await KeysAsync(app, neighbour));
        Assert.True(shredded.Count > 1);

        await app.StartAsync(Cancel);
        await app.Flow.DestroyThreadAsync(destroyed, Cancel);
        await app.StopAsync();

        Assert.Empty(await KeysAsync(app, destroyed));
        var files = app.Files();
        Assert.Empty(new CanarySearch(shredded).Find(files));
        Assert.All(kept, key => Assert.NotEmpty(new CanarySearch([key]).Find(files)));
    }

    private static async Task AssertGoneAsync(IAgentFlow flow, ThreadId thread, string approval)
    {
        Assert.Null(await flow.GetThreadAsync(thread, Cancel));
        Assert.Empty(await flow.ReadMessagesAsync(thread, Cancel));
        Assert.Empty(await flow.ReadStepsAsync(thread, Cancel));
        Assert.Null(await flow.Approvals.GetAsync(approval, Cancel));
        Assert.DoesNotContain(await flow.Approvals.ListPendingAsync(Cancel), card => card.Thread == thread);
        Assert.DoesNotContain(await flow.ListThreadsAsync(cancellationToken: Cancel), info => info.Id == thread);
    }

    /// <summary>The wrapped storage keys of a thread, one of each member.</summary>
    private static Task<List<Secret>> KeysAsync(CanaryApp app, ThreadId thread) => app.InspectAsync(
        session =>
        {
            var keys = new List<Secret>();
            var row = session.Prepare("SELECT v.body FROM vault v JOIN thread t ON t.n = v.thread WHERE t.thread = ?1").Bind(1, thread.Span);
            while (row.Step())
                keys.Add(new Secret($"key {keys.Count}", row.GetBlob(0).ToArray()));
            return keys;
        },
        Cancel);
}
