using AgentFlow.Hub.Stores;
using AgentFlow.Hub.Tests.Helpers;
using AgentFlow.Protocol.Hub;

namespace AgentFlow.Hub.Tests.Contract;

public abstract partial class EnvelopeStoreContract
{
    [Fact]
    public async Task C1_All_operations_of_a_commit_become_visible_together()
    {
        var key = new StateKey(StateKind.Thread, Make.Thread(1).Value.ToArray());
        var result = await DoAsync(Make.Create(1), Make.Append(1, 1), new StoreOp.Put(key, Make.Body(9), 0), Make.Members(1, 1, 2));

        Assert.Equal([0, 1, 1, 1], result.Values);
        Assert.Equal(1, await HeadAsync(1));
        Assert.Equal(Make.Body(9), (await Store.GetAsync(key, Token))!.Value.ToArray());
        Assert.Equal(2, (await Store.ReadMembersAsync(Make.Thread(1), Token)).Count);
    }

    [Fact]
    public async Task C1_A_failing_operation_undoes_the_ones_before_it()
    {
        await CreateThreadAsync(2, 1);
        var key = new StateKey(StateKind.Thread, Make.Thread(2).Value.ToArray());
        await DoAsync(new StoreOp.Put(key, Make.Body(1), 0));

        var result = await CommitAsync(
            Make.Append(2, 1), Make.Members(2, 1, 2, 3), new StoreOp.Close(Make.Thread(2)), new StoreOp.Del(key, 1), new StoreOp.Put(key, Make.Body(2), 7));

        Assert.Equal(HubStatus.Conflict, result.Status);
        Assert.Empty(result.Values);
        Assert.Equal(0, await HeadAsync(2));
        Assert.Single(await Store.ReadMembersAsync(Make.Thread(2), Token));
        Assert.False((await Store.GetThreadAsync(Make.Thread(2), Token))!.IsClosed);
        Assert.Equal(1, (await Store.GetAsync(key, Token))!.Version);
        Assert.Null(await Store.FindAsync(Make.Thread(2), Make.Message(1), Token));
        // What was undone leaves no trace: the same commit without the failing operation works.
        await DoAsync(Make.Append(2, 1), Make.Members(2, 1, 2, 3));
        Assert.Equal(2, (await Store.GetThreadAsync(Make.Thread(2), Token))!.MembersVersion);
    }

    [Fact]
    public async Task C1_A_failing_operation_undoes_a_thread_and_an_inbox_row()
    {
        await CreateThreadAsync(1, 1);
        var failed = await CommitAsync(
            new StoreOp.NoteInbox(Make.Agent(1), Make.Thread(1), 5, 0), new StoreOp.Ack(Make.Agent(1), Make.Thread(1), 3), new StoreOp.Ack(Make.Agent(1), Make.Thread(99), 3));
        var created = await CommitAsync(Make.Create(3), Make.Create(3));

        Assert.Equal(HubStatus.NotFound, failed.Status);
        Assert.Null(await InboxAsync(1, 1));
        Assert.Equal(HubStatus.Conflict, created.Status);
        Assert.Null(await Store.GetThreadAsync(Make.Thread(3), Token));
    }

    [Fact]
    public async Task C1_Operations_of_two_shards_are_refused()
    {
        await CreateThreadAsync(1, 1);

        var result = await CommitAsync(Make.Append(1, 1), new StoreOp.Ack(Make.Agent(1), Make.Thread(1), 1));
        var fence = new Fence(new ClaimId(ClaimKind.Inbox, Make.Agent(1), Make.Thread(1)), 1);
        var fenced = await CommitAsync(fence, Make.Append(1, 1));

        Assert.Equal(HubStatus.CrossShard, result.Status);
        Assert.Equal(HubStatus.CrossShard, fenced.Status);
        Assert.Equal(0, await HeadAsync(1));
    }

    [Fact]
    public async Task C1_A_commit_has_at_most_64_operations_and_one_mebibyte()
    {
        await CreateThreadAsync(1);
        var full = await CommitAsync([.. Enumerable.Range(1, 64).Select(i => (StoreOp)Make.Append(1, i))]);
        var tooMany = await CommitAsync([.. Enumerable.Range(101, 65).Select(i => (StoreOp)Make.Append(1, i))]);
        var tooLarge = await CommitAsync([.. Enumerable.Range(201, 5).Select(i => (StoreOp)Make.Append(1, i, Make.Body(i, 250_000)))]);

        Assert.Equal(HubStatus.Ok, full.Status);
        Assert.Equal(Enumerable.Range(1, 64).Select(i => (long)i), full.Values);
        Assert.Equal(HubStatus.TooLarge, tooMany.Status);
        Assert.Equal(HubStatus.TooLarge, tooLarge.Status);
        Assert.Equal(64, await HeadAsync(1));
    }

    [Fact]
    public async Task C2_After_a_cancelled_commit_a_repetition_with_the_same_id_says_what_stands()
    {
        await CreateThreadAsync(1);
        var commit = new StoreCommit(ShardKey.Of(Make.Thread(1)), [Make.Append(1, 1)]);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Store.CommitAsync(commit, new CancellationToken(canceled: true)).AsTask());
        var repeated = await Store.CommitAsync(commit, Token);

        Assert.Equal(HubStatus.Ok, repeated.Status);
        Assert.Equal([1], repeated.Values);
        Assert.Equal(1, await HeadAsync(1));
    }
}
