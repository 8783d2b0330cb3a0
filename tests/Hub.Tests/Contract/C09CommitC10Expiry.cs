using AgentFlow.Hub.Stores;
using AgentFlow.Hub.Tests.Helpers;
using AgentFlow.Protocol.Hub;

namespace AgentFlow.Hub.Tests.Contract;

public abstract partial class EnvelopeStoreContract
{
    [Fact]
    public async Task C9_The_first_change_of_members_of_an_epoch_wins_and_the_second_applies_nothing()
    {
        var epoch = new StateKey(StateKind.Thread, Make.Thread(1).Value.ToArray());
        await DoAsync(Make.Create(1), Make.Append(1, 1), new StoreOp.Put(epoch, Make.Body(1), 0), Make.Members(1, 1, 2));

        var results = await Task.WhenAll(
            CommitAsync(Make.Append(1, 2), new StoreOp.Put(epoch, Make.Body(2), 1), Make.Members(1, 1, 2, 3)).AsTask(),
            CommitAsync(Make.Append(1, 3), new StoreOp.Put(epoch, Make.Body(3), 1), Make.Members(1, 1)).AsTask());

        Assert.Equal([HubStatus.Ok, HubStatus.Conflict], results.Select(r => r.Status).Order());
        bool firstWon = results[0].Status == HubStatus.Ok;
        Assert.Equal(2, await HeadAsync(1));
        Assert.Equal(firstWon ? 3 : 1, (await Store.ReadMembersAsync(Make.Thread(1), Token)).Count);
    }

    [Fact]
    public async Task C9_A_member_that_stays_keeps_the_position_from_which_it_is_one()
    {
        await DoAsync(Make.Create(1), new StoreOp.SetMembers(Make.Thread(1), [new Member(Make.Agent(1), 3, 1), new Member(Make.Agent(2), 1, 1)]));
        await DoAsync(new StoreOp.SetMembers(Make.Thread(1), [new Member(Make.Agent(1), 1, 9), new Member(Make.Agent(3), 1, 9)]));

        var members = (await Store.ReadMembersAsync(Make.Thread(1), Token)).OrderBy(m => m.FromPosition).ToList();
        Assert.Equal([new Member(Make.Agent(1), 1, 1), new Member(Make.Agent(3), 1, 9)], members);
    }

    [Fact]
    public async Task C9_The_thread_hash_of_every_position_can_be_read()
    {
        await CreateThreadAsync(1);
        await DoAsync(Make.Append(1, 1));
        await DoAsync(Make.Append(1, 2));

        Assert.Equal(Make.Hash(BitConverter.GetBytes(2)), await Store.GetThreadHashAsync(Make.Thread(1), 2, Token));
        Assert.Null(await Store.GetThreadHashAsync(Make.Thread(1), 3, Token));
        Assert.Null(await Store.GetThreadHashAsync(Make.Thread(1), 0, Token));
    }

    [Fact]
    public async Task C10_An_expired_body_is_hidden_at_once_and_removed_later_while_positions_stay_dense()
    {
        await CreateThreadAsync(1);
        await DoAsync(Make.Append(1, 1) with { ExpiresAt = Time.GetUtcNow().AddMinutes(1) });
        await DoAsync(Make.Append(1, 2));
        await DoAsync(Make.Append(1, 3) with { ExpiresAt = Time.GetUtcNow().AddMinutes(1), IsPinned = true });
        Assert.All((await ReadAsync(1)).Envelopes, e => Assert.False(e.IsExpired));

        Time.Advance(TimeSpan.FromMinutes(1));
        await AssertHiddenAsync(1);
        Assert.Equal(1, (await Store.SweepAsync(SweepBudget.Default, Token)).Bodies);
        await AssertHiddenAsync(1);
        Assert.Equal(0, (await Store.SweepAsync(SweepBudget.Default, Token)).Bodies);
    }

    [Fact]
    public async Task C10_A_trim_hides_at_once_what_is_not_pinned()
    {
        await CreateThreadAsync(1);
        for (int i = 1; i <= 4; i++)
            await DoAsync(Make.Append(1, i) with { IsPinned = i == 3 });
        await DoAsync(new StoreOp.Trim(Make.Thread(1), 4));

        await AssertHiddenAsync(1, 2);
        Assert.Equal(2, (await Store.SweepAsync(SweepBudget.Default, Token)).Bodies);
        await AssertHiddenAsync(1, 2);
    }

    [Fact]
    public async Task C10_Retention_hides_what_is_older_and_the_earlier_of_two_times_counts()
    {
        await DoAsync(new StoreOp.Create(Make.Thread(1), ThreadKind.Durable, TimeSpan.FromHours(1)));
        await DoAsync(Make.Append(1, 1));
        await DoAsync(Make.Append(1, 2) with { ExpiresAt = Time.GetUtcNow().AddMinutes(1) });
        await DoAsync(Make.Append(1, 3) with { ExpiresAt = Time.GetUtcNow().AddDays(1) });
        await DoAsync(Make.Append(1, 4) with { IsPinned = true });

        Time.Advance(TimeSpan.FromMinutes(2));
        await AssertHiddenAsync(2);
        Time.Advance(TimeSpan.FromHours(1));
        await AssertHiddenAsync(1, 2, 3);
    }

    [Fact]
    public async Task C10_A_sweep_stops_at_its_budget_and_says_that_there_is_more()
    {
        await CreateThreadAsync(1);
        for (int i = 1; i <= 10; i++)
            await DoAsync(Make.Append(1, i));
        await DoAsync(new StoreOp.Trim(Make.Thread(1), 11));

        int bodies = 0;
        SweepResult result;
        do
        {
            result = await Store.SweepAsync(SweepBudget.Default with { MaxRows = 4 }, Token);
            Assert.True(result.Bodies <= 4);
            bodies += result.Bodies;
        }
        while (result.HasMore);

        Assert.Equal(10, bodies);
    }

    [Fact]
    public async Task C10_An_expired_state_item_is_gone_and_its_version_is_not_used_again()
    {
        await DoAsync(new StoreOp.Put(Make.Key(1), Make.Body(1), 0, Time.GetUtcNow().AddMinutes(1)));
        await DoAsync(new StoreOp.Put(Make.Key(2), Make.Body(1), 0, Time.GetUtcNow().AddMinutes(1)));
        Assert.NotNull(await Store.GetAsync(Make.Key(1), Token));
        Time.Advance(TimeSpan.FromMinutes(1));

        Assert.Null(await Store.GetAsync(Make.Key(1), Token));
        Assert.Equal(HubStatus.Conflict, (await CommitAsync(new StoreOp.Put(Make.Key(1), Make.Body(2), 1))).Status);
        Assert.Equal([2], (await DoAsync(new StoreOp.Put(Make.Key(1), Make.Body(2), 0))).Values);
        await Store.SweepAsync(SweepBudget.Default, Token);
        Assert.NotNull(await Store.GetAsync(Make.Key(1), Token));
        Assert.True((await DoAsync(new StoreOp.Put(Make.Key(2), Make.Body(2), 0))).Values[0] > 1);
    }

    private async Task AssertHiddenAsync(params long[] positions)
    {
        var page = await ReadAsync(1);
        Assert.Equal(Enumerable.Range(1, (int)page.Head).Select(i => (long)i), page.Envelopes.Select(e => e.Position));
        foreach (var envelope in page.Envelopes)
        {
            byte[] body = Make.Body((int)envelope.Position);
            bool isHidden = positions.Contains(envelope.Position);
            Assert.Equal(isHidden, envelope.IsExpired);
            Assert.Equal(isHidden ? [.. body[..3], .. body[^2..]] : body, envelope.Envelope.ToArray());
        }
    }
}
