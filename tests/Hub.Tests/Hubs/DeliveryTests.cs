using AgentFlow.Hub.Tests.Helpers;
using AgentFlow.Protocol.Crypto;
using AgentFlow.Protocol.Hub;

namespace AgentFlow.Hub.Tests.Hubs;

public abstract partial class HubContract
{
    private static readonly Dictionary<ThreadId, long> s_fromStart = [];

    [Fact]
    public async Task A_subscription_delivers_what_stands_and_what_comes_in_order_and_a_member_opens_it()
    {
        using var thread = await CreateThreadAsync();
        await AppendAsync(thread, 2, 2, thread.Seal(thread.A, "one"));
        await using var stream = Subscribe(Bob, s_fromStart);
        Assert.Equal(thread.Genesis.ToArray(), (await NextAsync(stream)).Envelope.Envelope.ToArray());
        Assert.Equal("one", thread.Open(thread.B, (await NextAsync(stream)).Envelope));
        for (int i = 3; i < 20; i++)
        {
            await AppendAsync(thread, i, i, thread.Seal(thread.A, $"text {i}"));
            var delivery = await NextAsync(stream);
            Assert.Equal(i, delivery.Envelope.Position);
            Assert.Equal($"text {i}", thread.Open(thread.B, delivery.Envelope));
        }
    }

    [Fact]
    public async Task A_subscription_resumes_after_the_named_position_else_after_the_acknowledged_one()
    {
        using var first = await CreateThreadAsync(1);
        using var second = await CreateThreadAsync(2);
        for (int i = 2; i <= 6; i++)
        {
            await AppendAsync(first, i, i, first.Seal(first.A, "x"));
            await AppendAsync(second, 100 + i, i, second.Seal(second.A, "x"));
        }

        await DrainAsync();
        await Hub.AcknowledgeAsync(Bob.Agent, first.Id, 6, Token);
        await Hub.AcknowledgeAsync(Bob.Agent, second.Id, 4, Token);
        await using var stream = Subscribe(Bob, new Dictionary<ThreadId, long> { [first.Id] = 3, [Make.Thread(9)] = 0 });
        var seen = new List<(ThreadId, long)>();
        for (int i = 0; i < 5; i++)
        {
            var delivery = await NextAsync(stream);
            seen.Add((delivery.Thread, delivery.Envelope.Position));
        }

        Assert.Equal([4, 5, 6], seen.Where(s => s.Item1 == first.Id).Select(s => s.Item2));
        Assert.Equal([5, 6], seen.Where(s => s.Item1 == second.Id).Select(s => s.Item2));
    }

    [Fact]
    public async Task A_subscription_reads_no_more_at_once_than_its_credit()
    {
        using var thread = await CreateThreadAsync();
        for (int i = 2; i <= 12; i++)
            await AppendAsync(thread, i, i, thread.Seal(thread.A, "x"));
        Faults!.LargestPage = 0;
        await using var stream = Subscribe(Bob, s_fromStart, credit: 3);
        for (int i = 1; i <= 12; i++)
            Assert.Equal(i, (await NextAsync(stream)).Envelope.Position);

        Assert.Equal(3, Faults.LargestPage);
    }

    [Fact]
    public async Task A_subscription_ends_with_its_token_and_with_the_hub()
    {
        await Hub.RegisterAgentAsync(Bob.Registration, Token);
        using var cancellation = new CancellationTokenSource();
        await using var stream = Hub.SubscribeAsync(Bob.Agent, s_fromStart, 10, cancellation.Token).GetAsyncEnumerator(Token);
        var waiting = stream.MoveNextAsync().AsTask();
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);

        await using var other = Subscribe(Bob, s_fromStart);
        var blocked = other.MoveNextAsync().AsTask();
        await StopAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => blocked);
    }

    [Fact]
    public async Task An_agent_that_is_no_member_gets_nothing_and_may_not_acknowledge_or_lease()
    {
        using var thread = await CreateThreadAsync();
        using var eve = new HubActor("eve", 7);
        await Hub.RegisterAgentAsync(eve.Registration, Token);
        await DrainAsync();

        Assert.Equal(HubStatus.NotMember, await Hub.AcknowledgeAsync(eve.Agent, thread.Id, 1, Token));
        Assert.Equal(HubStatus.NotMember, (await Hub.AcquireLeaseAsync(eve.Agent, thread.Id, s_owner, TimeSpan.FromSeconds(5), Token)).Status);
        Assert.Empty((await Hub.ListInboxAsync(eve.Agent, false, null, 10, Token)).Entries);
        Assert.Equal(HubStatus.NotFound, await Hub.AcknowledgeAsync(eve.Agent, Make.Thread(1), 1, Token));
    }

    [Fact]
    public async Task An_acknowledgement_beyond_the_head_is_clamped_and_the_inbox_lists_what_is_unread()
    {
        using var first = await CreateThreadAsync(1);
        using var second = await CreateThreadAsync(2);
        await AppendAsync(first, 2, 2, first.Seal(first.A, "x"));
        await DrainAsync();
        Assert.Equal(HubStatus.Ok, await Hub.AcknowledgeAsync(Bob.Agent, first.Id, 1000, Token));
        var unread = await Hub.ListInboxAsync(Bob.Agent, unreadOnly: true, null, 10, Token);
        var all = await Hub.ListInboxAsync(Bob.Agent, unreadOnly: false, null, 10, Token);
        await AppendAsync(first, 3, 3, first.Seal(first.A, "y"));
        await DrainAsync();

        Assert.Equal([new InboxEntry(second.Id, 1, 0)], unread.Entries);
        Assert.Equal([new InboxEntry(second.Id, 1, 0), new InboxEntry(first.Id, 2, 2)], all.Entries);
        Assert.Equal(2, (await Hub.ListInboxAsync(Bob.Agent, unreadOnly: true, null, 10, Token)).Entries.Count);
    }

    [Fact]
    public async Task A_lease_is_held_by_one_owner_and_can_be_given_back()
    {
        using var thread = await CreateThreadAsync();
        var other = new Guid(2, 0, 0, new byte[8]);
        var first = await Hub.AcquireLeaseAsync(Bob.Agent, thread.Id, s_owner, TimeSpan.FromSeconds(10), Token);
        var refused = await Hub.AcquireLeaseAsync(Bob.Agent, thread.Id, other, TimeSpan.FromSeconds(10), Token);
        var renewed = await Hub.AcquireLeaseAsync(Bob.Agent, thread.Id, s_owner, TimeSpan.FromSeconds(20), Token);
        var released = await Hub.ReleaseLeaseAsync(Bob.Agent, thread.Id, s_owner, first.Token, Token);
        var taken = await Hub.AcquireLeaseAsync(Bob.Agent, thread.Id, other, TimeSpan.FromSeconds(10), Token);
        var late = await Hub.ReleaseLeaseAsync(Bob.Agent, thread.Id, s_owner, first.Token, Token);

        Assert.Equal((HubStatus.Ok, s_owner), (first.Status, first.Owner));
        Assert.Equal((HubStatus.Fenced, s_owner, first.Token), (refused.Status, refused.Owner, refused.Token));
        Assert.Equal(first.Token, renewed.Token);
        Assert.True(renewed.Until > first.Until);
        Assert.Equal(HubStatus.Ok, released);
        Assert.Equal((HubStatus.Ok, other), (taken.Status, taken.Owner));
        Assert.True(taken.Token > first.Token);
        Assert.Equal(HubStatus.Fenced, late);
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => Hub.AcquireLeaseAsync(Bob.Agent, thread.Id, s_owner, TimeSpan.FromHours(1), Token).AsTask());
    }

    [Fact]
    public async Task A_blob_is_stored_only_under_the_hash_of_its_bytes()
    {
        byte[] bytes = Make.Body(1, 100_000);
        var id = AfHash.Hash(Labels.Blob, bytes);

        Assert.Equal(HubStatus.Invalid, await Hub.PutBlobAsync(Make.Hash(bytes), bytes, Token));
        Assert.Equal(HubStatus.TooLarge, await Hub.PutBlobAsync(id, new byte[(16 << 20) + 1], Token));
        Assert.Null(await Hub.GetBlobAsync(id, Token));
        Assert.Equal(HubStatus.Ok, await Hub.PutBlobAsync(id, bytes, Token));
        Assert.Equal(bytes, (await Hub.GetBlobAsync(id, Token))!.Value.ToArray());
    }

    private static readonly Guid s_owner = new(1, 0, 0, new byte[8]);

    private IAsyncEnumerator<Delivery> Subscribe(HubActor actor, Dictionary<ThreadId, long> resume, int credit = 100) =>
        Hub.SubscribeAsync(actor.Agent, resume, credit, Token).GetAsyncEnumerator(Token);

    /// <summary>The next delivery. Time passes until it comes, so that polling alone is enough.</summary>
    private async Task<Delivery> NextAsync(IAsyncEnumerator<Delivery> stream)
    {
        var next = stream.MoveNextAsync().AsTask();
        while (!next.IsCompleted)
        {
            Token.ThrowIfCancellationRequested();
            Time.Advance(TimeSpan.FromSeconds(20));
            await Task.Yield();
        }

        Assert.True(await next);
        return stream.Current;
    }
}
