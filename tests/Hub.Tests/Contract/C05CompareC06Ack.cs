using AgentFlow.Hub.Stores;
using AgentFlow.Hub.Tests.Helpers;
using AgentFlow.Protocol.Hub;

namespace AgentFlow.Hub.Tests.Contract;

public abstract partial class EnvelopeStoreContract
{
    [Fact]
    public async Task C5_An_append_that_expects_another_head_is_told_the_real_one()
    {
        await CreateThreadAsync(1);
        await DoAsync(Make.Append(1, 1) with { ExpectHead = 0 });
        await DoAsync(Make.Append(1, 2));

        var result = await CommitAsync(Make.Append(1, 3) with { ExpectHead = 1 });

        Assert.Equal((HubStatus.Conflict, 2L), (result.Status, result.Current));
        Assert.Equal(2, await HeadAsync(1));
    }

    [Fact]
    public async Task C5_A_state_item_is_written_only_at_the_expected_version()
    {
        var key = Make.Key(1);
        Assert.Equal([1], (await DoAsync(new StoreOp.Put(key, Make.Body(1), 0))).Values);
        var exists = await CommitAsync(new StoreOp.Put(key, Make.Body(2), 0));
        Assert.Equal([2], (await DoAsync(new StoreOp.Put(key, Make.Body(2), 1))).Values);
        var stale = await CommitAsync(new StoreOp.Put(key, Make.Body(3), 1));
        Assert.Equal([3], (await DoAsync(new StoreOp.Put(key, Make.Body(4), -1))).Values);
        var missing = await CommitAsync(new StoreOp.Put(Make.Key(2), Make.Body(1), 1));

        Assert.Equal((HubStatus.Conflict, 1L), (exists.Status, exists.Current));
        Assert.Equal((HubStatus.Conflict, 2L), (stale.Status, stale.Current));
        Assert.Equal((HubStatus.Conflict, 0L), (missing.Status, missing.Current));
        var item = (await Store.GetAsync(key, Token))!;
        Assert.Equal(3, item.Version);
        Assert.Equal(Make.Body(4), item.Value.ToArray());
    }

    [Fact]
    public async Task C5_A_version_is_not_used_again_after_a_delete()
    {
        var key = Make.Key(1);
        await DoAsync(new StoreOp.Put(key, Make.Body(1), 0));
        var stale = await CommitAsync(new StoreOp.Del(key, 9));
        await DoAsync(new StoreOp.Del(key, 1));

        Assert.Equal(HubStatus.Conflict, stale.Status);
        Assert.Null(await Store.GetAsync(key, Token));
        Assert.Equal(HubStatus.Conflict, (await CommitAsync(new StoreOp.Put(key, Make.Body(2), 2))).Status);
        Assert.Equal([3], (await DoAsync(new StoreOp.Put(key, Make.Body(2), 0))).Values);
        Assert.Equal(HubStatus.Conflict, (await CommitAsync(new StoreOp.Put(key, Make.Body(3), 1))).Status);
    }

    [Fact]
    public async Task C5_Deleting_what_is_not_there_works_only_without_an_expectation()
    {
        Assert.Equal(HubStatus.Ok, (await CommitAsync(new StoreOp.Del(Make.Key(1), -1))).Status);
        Assert.Equal(HubStatus.Conflict, (await CommitAsync(new StoreOp.Del(Make.Key(1), 1))).Status);
    }

    [Fact]
    public async Task C5_An_empty_value_is_a_value()
    {
        await DoAsync(new StoreOp.Put(Make.Key(1), ReadOnlyMemory<byte>.Empty, 0));

        Assert.Equal(0, (await Store.GetAsync(Make.Key(1), Token))!.Value.Length);
    }

    [Fact]
    public async Task C5_One_of_many_writers_at_once_wins_a_version()
    {
        var results = await Task.WhenAll(Enumerable.Range(0, 16).Select(i => Task.Run(() => CommitAsync(new StoreOp.Put(Make.Key(1), Make.Body(i), 0)).AsTask(), Token)));

        Assert.Single(results, r => r.Status == HubStatus.Ok);
        Assert.Equal(15, results.Count(r => r.Status == HubStatus.Conflict && r.Current == 1));
    }

    [Fact]
    public async Task C6_An_acknowledgement_never_goes_back()
    {
        await CreateThreadAsync(1, 1);
        await DoAsync(new StoreOp.NoteInbox(Make.Agent(1), Make.Thread(1), 10, 0));

        Assert.Equal([5], (await DoAsync(new StoreOp.Ack(Make.Agent(1), Make.Thread(1), 5))).Values);
        Assert.Equal([5], (await DoAsync(new StoreOp.Ack(Make.Agent(1), Make.Thread(1), 3))).Values);
        Assert.Equal(new InboxEntry(Make.Thread(1), 10, 5), await InboxAsync(1, 1));
    }

    [Fact]
    public async Task C6_A_store_does_not_clamp_to_the_inbox_copy_of_the_head_because_that_may_lag()
    {
        await CreateThreadAsync(1, 1);
        await DoAsync(new StoreOp.Ack(Make.Agent(1), Make.Thread(1), 7));
        await DoAsync(new StoreOp.NoteInbox(Make.Agent(1), Make.Thread(1), 5, 0));

        Assert.Equal(new InboxEntry(Make.Thread(1), 5, 7), await InboxAsync(1, 1));
        Assert.Empty((await Store.ReadInboxAsync(Make.Agent(1), unreadOnly: true, null, 10, Token)).Entries);
    }

    [Fact]
    public async Task C6_A_noted_head_never_goes_back()
    {
        await CreateThreadAsync(1, 1);
        await DoAsync(new StoreOp.NoteInbox(Make.Agent(1), Make.Thread(1), 9, 0));

        Assert.Equal([9], (await DoAsync(new StoreOp.NoteInbox(Make.Agent(1), Make.Thread(1), 4, 0))).Values);
    }
}
