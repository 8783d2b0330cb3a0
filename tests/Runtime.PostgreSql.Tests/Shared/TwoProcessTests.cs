using AgentFlow.Keys;
using AgentFlow.PostgreSql.Tests.Store;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace AgentFlow.PostgreSql.Tests.Shared;

/// <summary>Two runtimes of one app on one store, as two processes would have them.</summary>
public sealed class TwoProcessTests : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("agentflow-two-").FullName;
    private AgentDatabase _database = null!;
    private SharedPlace _place = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _database = await AgentDatabase.RentAsync();
        _place = new SharedPlace(_folder, _database.ConnectionString, _database.Schema);
    }

    public async ValueTask DisposeAsync()
    {
        await _database.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task A_thread_started_in_one_is_waited_for_read_and_decided_in_the_other()
    {
        using var a = await StartAsync("a");
        using var b = await StartAsync("b");
        var thread = await a.Flow().StartThreadAsync(new Ask("it"), null, Cancel);
        var info = await b.Flow().WaitForAsync(thread, static info => info.PendingApprovals.Count > 0, Cancel);
        var card = await b.Flow().Approvals.GetAsync(Assert.Single(info.PendingApprovals), Cancel);
        var decision = await b.Flow().Approvals.ApproveAsync(card!.Id, card.Digest, "ada", "ok", Cancel);
        Assert.Equal(DecisionStatus.Recorded, decision.Status);
        foreach (var host in (IHost[])[a, b])
        {
            var end = await host.Flow().WaitForOutcomeAsync(thread, Cancel);
            Assert.True(end.Outcome == ThreadOutcome.Completed, end.Reason);
            Assert.True((await host.Flow().VerifyThreadAsync(thread, Cancel)).IsValid);
        }

        Assert.Equal(DecisionStatus.AlreadyDecided, (await a.Flow().Approvals.ApproveAsync(card.Id, card.Digest, "ada", "again", Cancel)).Status);
        Assert.Single(await EffectsAsync());
    }

    [Fact]
    public async Task What_a_handler_seals_after_its_lease_went_elsewhere_is_never_sent()
    {
        var entered = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var goOn = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var a = await StartAsync("a");
        a.Services.GetRequiredService<Effects>().AfterStep = async agent =>
        {
            if (agent != "second")
                return;
            entered.TrySetResult();
            await goOn.Task;
        };
        var thread = await a.Flow().StartThreadAsync(new Begin(1), null, Cancel);
        await entered.Task.WaitAsync(Cancel);

        // As if the first had stood still past its lease: the thread is anybody's, and the second takes it.
        await _database.RunAsync("UPDATE lease SET held = false, until = 0, owner = gen_random_uuid()");
        using var b = await StartAsync("b");
        Assert.Equal(ThreadOutcome.Completed, (await b.Flow().WaitForOutcomeAsync(thread, Cancel)).Outcome);
        goOn.SetResult();
        await a.StopAsync(Cancel);

        var messages = await b.Flow().ReadMessagesAsync(thread, Cancel);
        Assert.Equal([typeof(Begin), typeof(One), typeof(Two), typeof(Done)], messages.Select(message => message.Message!.GetType()));
        var check = await b.Flow().VerifyThreadAsync(thread, Cancel);
        Assert.True(check.IsValid, string.Join("; ", check.Faults));
        Assert.Equal(3, (await EffectsAsync()).Length);
    }

    [Fact]
    public async Task A_timer_is_fired_once_by_one_of_them_also_after_the_one_that_set_it_has_stopped()
    {
        using var a = await StartAsync("a");
        var thread = await a.Flow().StartThreadAsync(new Later(1), null, Cancel);
        using var b = await StartAsync("b");
        await a.StopAsync(Cancel);
        Assert.Equal(ThreadOutcome.Completed, (await b.Flow().WaitForOutcomeAsync(thread, Cancel)).Outcome);
        Assert.Single(await EffectsAsync());
    }

    [Fact]
    public async Task The_second_has_the_keys_of_the_first_and_one_without_the_secret_is_refused()
    {
        using var a = await StartAsync("a");
        using var b = await StartAsync("b");
        var thread = await b.Flow().StartThreadAsync(new Begin(1), null, Cancel);
        var messages = await WaitAndReadAsync(a, thread);
        Assert.Equal("first", messages[1].SenderName);

        using var stranger = SharedApp.Build(_place, "stranger", configure: options =>
            options.MachineKeyPath = Path.Combine(_folder, "other", "machine.key"));
        var missing = await Assert.ThrowsAsync<KeyException>(() => stranger.StartAsync(Cancel));
        Assert.Equal("keys.missing", missing.Code);
        string otherKey = Path.Combine(_folder, "other", "machine.key");
        await new MachineKeyFile(otherKey).GetOrCreateAsync(Cancel);
        using var wrong = SharedApp.Build(_place, "wrong", configure: options => options.MachineKeyPath = otherKey);
        Assert.Equal("keys.wrong-secret", (await Assert.ThrowsAsync<KeyException>(() => wrong.StartAsync(Cancel))).Code);
    }

    private static async Task<IReadOnlyList<ThreadMessage>> WaitAndReadAsync(IHost host, ThreadId thread)
    {
        Assert.Equal(ThreadOutcome.Completed, (await host.Flow().WaitForOutcomeAsync(thread, Cancel)).Outcome);
        return await host.Flow().ReadMessagesAsync(thread, Cancel);
    }

    private async Task<IHost> StartAsync(string name)
    {
        var host = SharedApp.Build(_place, name);
        await host.StartAsync(Cancel);
        return host;
    }

    private async Task<string[]> EffectsAsync()
    {
        var effects = new List<string>();
        foreach (string file in new[] { "a", "b" }.Select(name => Effects.FileOf(_folder, name)).Where(File.Exists))
            effects.AddRange(await File.ReadAllLinesAsync(file, Cancel));
        return [.. effects];
    }
}
