namespace AgentFlow.HubServer.Tests.Failures;

/// <summary>A hub on SQLite whose disk is full, until there is room again.</summary>
public sealed class DiskFullTests
{
    // It needs the right to mount, which not every machine gives: eng/chaos-hub runs it.
    [Fact(Explicit = true)]
    public async Task A_hub_whose_disk_is_full_refuses_appends_serves_reads_and_goes_on_by_itself_when_there_is_room()
    {
        var cancel = TestContext.Current.CancellationToken;
        await using var disk = await SmallDisk.MountAsync("6m");
        var room = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var fleet = new Fleet(threads: 4, bytes: 8 << 10) { Recovery = _ => room.Task };
        using var stop = new CancellationTokenSource();
        using var server = await HubServerProcess.StartAsync(null, "--data", Path.Combine(disk.Root, "hub"));
        await using var hub = GrpcHub.Connect(server.Address);
        await fleet.BeginAsync(hub);
        // A login is noted in the store, so whoever reads while the disk is full has logged in before.
        var bob = fleet.AsBob(hub);
        await bob.ListInboxAsync(fleet.Bob, unreadOnly: false, null, 10, cancel);
        var load = fleet.RunAsync([hub], stop.Token);
        await fleet.UntilRefusedAsync(8);
        int before = fleet.Sent.AnsweredCount;
        Assert.NotEmpty((await bob.ListInboxAsync(fleet.Bob, unreadOnly: false, null, 10, cancel)).Entries);

        await disk.GrowAsync("64m");
        room.SetResult();
        await fleet.UntilAnsweredAsync(before + 40);
        await stop.CancelAsync();
        await load;
        await fleet.CheckAsync(hub);
        Assert.Equal(0, await server.StopAsync());
        var (exitCode, _, errors) = await HubServerProcess.RunAsync(null, "store", "verify", "--data", Path.Combine(disk.Root, "hub"));
        Assert.True(exitCode == 0, errors);
    }
}
