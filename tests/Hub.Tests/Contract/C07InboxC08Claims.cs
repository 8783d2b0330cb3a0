using AgentFlow.Hub.Pumps;
using AgentFlow.Hub.Stores;
using AgentFlow.Hub.Tests.Helpers;
using AgentFlow.Protocol.Hub;

namespace AgentFlow.Hub.Tests.Contract;

public abstract partial class EnvelopeStoreContract
{
    private static readonly Guid s_a = new("00000000-0000-0000-0000-00000000000a");
    private static readonly Guid s_b = new("00000000-0000-0000-0000-00000000000b");
    private static readonly TimeSpan s_ttl = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task C7_After_a_drain_every_member_knows_the_head()
    {
        await CreateThreadAsync(1, 1, 2, 3);
        await CreateThreadAsync(2, 2);
        for (int i = 1; i <= 20; i++)
            await DoAsync(Make.Append(1 + (i % 2), i));
        await using var pump = new FanOutPump(Store, Options());
        await pump.DrainAsync(Token);

        Assert.Equal(10, (await InboxAsync(1, 1))!.Head);
        Assert.Equal(10, (await InboxAsync(2, 1))!.Head);
        Assert.Equal(10, (await InboxAsync(2, 2))!.Head);
        Assert.Null(await InboxAsync(1, 2));
    }

    [Fact]
    public async Task C7_A_running_pump_reaches_every_append_with_and_without_hints()
    {
        await CreateThreadAsync(1, 1);
        await using var pump = new FanOutPump(Store, Options());
        pump.Start();
        for (int i = 1; i <= 5; i++)
        {
            await DoAsync(Make.Append(1, i));
            while ((await InboxAsync(1, 1))?.Head != i)
            {
                Token.ThrowIfCancellationRequested();
                Time.Advance(TimeSpan.FromSeconds(20));
                await Task.Yield();
            }
        }
    }

    [Fact]
    public async Task C7_Two_pumps_at_once_and_work_done_twice_do_no_harm()
    {
        for (int thread = 1; thread <= 10; thread++)
            await CreateThreadAsync(thread, 1, 2);
        await using var first = new FanOutPump(Store, Options());
        await using var second = new FanOutPump(Store, Options());
        for (int i = 1; i <= 200; i++)
        {
            await DoAsync(Make.Append(1 + (i % 10), i));
            if (i % 20 == 0)
                await Task.WhenAll(Task.Run(() => first.DrainAsync(Token).AsTask(), Token), Task.Run(() => second.DrainAsync(Token).AsTask(), Token));
        }

        // A drain returns at once while the other pump holds the claim; when nobody holds it, everything is done.
        await first.DrainAsync(Token);
        for (int thread = 1; thread <= 10; thread++)
            Assert.Equal(20, (await InboxAsync(1, thread))!.Head);
    }

    [Fact]
    public async Task C7_Unread_threads_come_first_by_priority_and_age_and_pages_cover_all_rows()
    {
        for (int thread = 1; thread <= 7; thread++)
            await CreateThreadAsync(thread, 1);
        foreach (var (thread, priority) in new[] { (3, 0), (1, 0), (2, 5), (6, 0), (5, 0), (4, 0), (7, 0) })
        {
            await DoAsync(new StoreOp.NoteInbox(Make.Agent(1), Make.Thread(thread), 1, (short)priority));
            Time.Advance(TimeSpan.FromMilliseconds(10));
        }

        foreach (int thread in new[] { 4, 5 })
            await DoAsync(new StoreOp.Ack(Make.Agent(1), Make.Thread(thread), 1));

        Assert.Equal([2, 3, 1, 6, 7], await InboxThreadsAsync(unreadOnly: true, pageSize: 2));
        Assert.Equal([2, 3, 1, 6, 7, 4, 5], await InboxThreadsAsync(unreadOnly: false, pageSize: 3));
        Assert.Equal([2, 3, 1, 6, 7, 4, 5], await InboxThreadsAsync(unreadOnly: false, pageSize: 7));
    }

    [Fact]
    public async Task C8_A_lease_excludes_others_until_it_ends_and_its_token_rises()
    {
        await CreateThreadAsync(1, 1);
        var first = await LeaseAsync(s_a);
        var refused = await LeaseAsync(s_b);
        Time.Advance(TimeSpan.FromSeconds(20));
        var renewed = await LeaseAsync(s_a);
        Time.Advance(TimeSpan.FromSeconds(20));
        var still = await LeaseAsync(s_b);
        Time.Advance(TimeSpan.FromSeconds(11));
        var taken = await LeaseAsync(s_b);

        Assert.Equal(s_a, first.Owner);
        Assert.Equal((s_a, first.Token), (refused.Owner, refused.Token));
        Assert.Equal(first.Token, renewed.Token);
        Assert.Equal(s_a, still.Owner);
        Assert.Equal(s_b, taken.Owner);
        Assert.True(taken.Token > first.Token);
    }

    [Fact]
    public async Task C8_A_clock_that_is_set_back_does_not_lengthen_or_revive_a_lease()
    {
        await CreateThreadAsync(1, 1);
        await LeaseAsync(s_a);
        Time.Advance(s_ttl);
        var before = Store.Now;
        Time.SetBack(TimeSpan.FromHours(1));

        Assert.True(Store.Now >= before);
        Assert.Equal(s_b, (await LeaseAsync(s_b)).Owner);
    }

    [Fact]
    public async Task C8_A_write_with_a_stale_fence_changes_nothing()
    {
        await CreateThreadAsync(1, 1);
        var old = await LeaseAsync(s_a);
        Time.Advance(s_ttl);
        var current = await LeaseAsync(s_b);

        var stale = await CommitAsync(new Fence(old.Id, old.Token), new StoreOp.Ack(Make.Agent(1), Make.Thread(1), 5));
        var never = await CommitAsync(new Fence(old.Id with { Thread = Make.Thread(9) }, 1), new StoreOp.Ack(Make.Agent(1), Make.Thread(1), 5));
        var good = await CommitAsync(new Fence(current.Id, current.Token), new StoreOp.Ack(Make.Agent(1), Make.Thread(1), 2));

        Assert.Equal(HubStatus.Fenced, stale.Status);
        Assert.Equal(HubStatus.Fenced, never.Status);
        Assert.Equal([2], good.Values);
    }

    [Fact]
    public async Task C8_A_lease_that_was_given_back_fences_its_old_holder_and_is_free()
    {
        await CreateThreadAsync(1, 1);
        var lease = await LeaseAsync(s_a);
        await DoAsync(new StoreOp.Complete(lease.Id, lease.Token));

        var again = await CommitAsync(new StoreOp.Complete(lease.Id, lease.Token));
        var write = await CommitAsync(new Fence(lease.Id, lease.Token), new StoreOp.Ack(Make.Agent(1), Make.Thread(1), 5));
        var next = await LeaseAsync(s_b);

        Assert.Equal(HubStatus.Fenced, again.Status);
        Assert.Equal(HubStatus.Fenced, write.Status);
        Assert.True(next.Token > lease.Token);
        Assert.Equal(s_b, next.Owner);
    }

    [Fact]
    public async Task C8_Unread_threads_that_nobody_holds_are_claimed_once()
    {
        for (int thread = 1; thread <= 5; thread++)
        {
            await CreateThreadAsync(thread, 1);
            await DoAsync(new StoreOp.NoteInbox(Make.Agent(1), Make.Thread(thread), 1, 0));
        }

        await DoAsync(new StoreOp.Ack(Make.Agent(1), Make.Thread(5), 1));
        var mine = await Store.ClaimAsync(new ClaimRequest(ClaimKind.Inbox, s_a, s_ttl, 3, Make.Agent(1)), Token);
        var rest = await Store.ClaimAsync(new ClaimRequest(ClaimKind.Inbox, s_b, s_ttl, 3, Make.Agent(1)), Token);
        var none = await Store.ClaimAsync(new ClaimRequest(ClaimKind.Inbox, s_b, s_ttl, 3, Make.Agent(1)), Token);

        Assert.Equal(3, mine.Count);
        Assert.Single(rest);
        Assert.Empty(none);
        Assert.Equal(4, mine.Concat(rest).Select(c => c.Id.Thread).Distinct().Count());
    }

    [Fact]
    public async Task C8_Fan_out_work_that_was_not_completed_is_claimed_again_after_its_time()
    {
        await CreateThreadAsync(1, 1);
        await DoAsync(Make.Append(1, 1));
        await DoAsync(Make.Append(1, 2));
        var first = Assert.Single(await FanOutAsync(s_a));
        var excluded = await FanOutAsync(s_b);
        Time.Advance(s_ttl);
        var second = Assert.Single(await FanOutAsync(s_b));
        var stale = await CommitAsync(new StoreOp.Complete(first.Id, first.Token));
        await DoAsync(new StoreOp.Complete(second.Id, second.Token));

        Assert.Equal([new ThreadNews(Make.Thread(1), 2)], first.Work);
        Assert.Empty(excluded);
        Assert.True(second.Token > first.Token);
        Assert.Equal(first.Work, second.Work);
        Assert.Equal(HubStatus.Fenced, stale.Status);
        Assert.Empty(await FanOutAsync(s_a));
        await DoAsync(Make.Append(1, 3));
        Assert.Equal([new ThreadNews(Make.Thread(1), 3)], Assert.Single(await FanOutAsync(s_a)).Work);
    }

    private HubOptions Options() => new() { TimeProvider = Time };

    private async Task<Claim> LeaseAsync(Guid owner) =>
        Assert.Single(await Store.ClaimAsync(new ClaimRequest(ClaimKind.Inbox, owner, s_ttl, 1, Make.Agent(1), Make.Thread(1)), Token));

    private ValueTask<IReadOnlyList<Claim>> FanOutAsync(Guid owner) => Store.ClaimAsync(new ClaimRequest(ClaimKind.FanOut, owner, s_ttl, 100), Token);

    private async Task<List<int>> InboxThreadsAsync(bool unreadOnly, int pageSize)
    {
        var numbers = new List<int>();
        string? cursor = null;
        do
        {
            var page = await Store.ReadInboxAsync(Make.Agent(1), unreadOnly, cursor, pageSize, Token);
            Assert.True(page.Entries.Count <= pageSize);
            numbers.AddRange(page.Entries.Select(e => Enumerable.Range(1, 20).First(n => Make.Thread(n) == e.Thread)));
            cursor = page.NextCursor;
        }
        while (cursor is not null);
        return numbers;
    }
}
