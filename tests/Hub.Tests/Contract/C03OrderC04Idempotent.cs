using AgentFlow.Hub.Stores;
using AgentFlow.Hub.Tests.Helpers;
using AgentFlow.Protocol.Hub;

namespace AgentFlow.Hub.Tests.Contract;

public abstract partial class EnvelopeStoreContract
{
    [Fact]
    public async Task C3_Positions_are_dense_from_1_under_concurrency()
    {
        await CreateThreadAsync(1);
        await CreateThreadAsync(2);
        var positions = await Task.WhenAll(Enumerable.Range(1, 400).Select(i => Task.Run(async () => (i, await DoAsync(Make.Append(1 + (i % 2), i))), Token)));

        foreach (int thread in new[] { 1, 2 })
        {
            var expected = positions.Where(p => 1 + (p.i % 2) == thread).OrderBy(p => p.Item2.Values[0]).ToList();
            var page = await ReadAsync(thread);
            Assert.Equal(Enumerable.Range(1, 200).Select(i => (long)i), expected.Select(p => p.Item2.Values[0]));
            Assert.Equal(expected.Select(p => Make.Message(p.i)), page.Envelopes.Select(e => e.MessageId));
            Assert.Equal(expected.Select(p => p.Item2.Values[0]), page.Envelopes.Select(e => e.Position));
        }
    }

    [Fact]
    public async Task C3_Appends_that_one_caller_starts_in_order_stand_in_that_order()
    {
        await CreateThreadAsync(1);
        var results = await Task.WhenAll(Enumerable.Range(1, 200).Select(i => CommitAsync(Make.Append(1, i)).AsTask()));

        Assert.Equal(Enumerable.Range(1, 200).Select(i => (long)i), results.Select(r => r.Values[0]));
    }

    [Fact]
    public async Task C3_A_reader_never_sees_a_gap_or_an_older_head_while_others_append()
    {
        await CreateThreadAsync(1);
        var writing = Task.Run(async () =>
        {
            for (int i = 1; i <= 300; i++)
                await DoAsync(Make.Append(1, i));
        }, Token);
        long seen = 0;
        while (seen < 300)
        {
            var page = await ReadAsync(1, seen, 50);
            Assert.True(page.Head >= seen);
            Assert.Equal(Enumerable.Range((int)seen + 1, page.Envelopes.Count).Select(i => (long)i), page.Envelopes.Select(e => e.Position));
            seen += page.Envelopes.Count;
        }

        await writing;
    }

    [Fact]
    public async Task C3_A_page_is_a_contiguous_prefix_within_its_limits_and_never_empty_before_the_head()
    {
        await CreateThreadAsync(1);
        for (int i = 1; i <= 10; i++)
            await DoAsync(Make.Append(1, i, Make.Body(i, 100)));

        Assert.Equal([4, 5, 6], (await ReadAsync(1, 3, 3)).Envelopes.Select(e => e.Position));
        Assert.Equal([1, 2], (await ReadAsync(1, 0, 100, 250)).Envelopes.Select(e => e.Position));
        Assert.Equal([8], (await ReadAsync(1, 7, 100, 1)).Envelopes.Select(e => e.Position));
        Assert.Empty((await ReadAsync(1, 10)).Envelopes);
        Assert.Empty((await ReadAsync(1, 99)).Envelopes);
        Assert.Equal(10, (await ReadAsync(1, 99)).Head);
    }

    [Fact]
    public async Task C3_After_a_trim_the_page_names_the_first_position_that_has_a_body()
    {
        await CreateThreadAsync(1);
        for (int i = 1; i <= 5; i++)
            await DoAsync(Make.Append(1, i));

        Assert.Equal(1, (await ReadAsync(1)).FirstAvailable);
        Assert.Equal([4], (await DoAsync(new StoreOp.Trim(Make.Thread(1), 4))).Values);
        Assert.Equal([4], (await DoAsync(new StoreOp.Trim(Make.Thread(1), 2))).Values);
        Assert.Equal(4, (await ReadAsync(1)).FirstAvailable);
        Assert.Equal([6], (await DoAsync(new StoreOp.Trim(Make.Thread(1), 100))).Values);
    }

    [Fact]
    public async Task C4_The_same_id_with_the_same_bytes_is_answered_with_its_position()
    {
        await CreateThreadAsync(1);
        await DoAsync(Make.Append(1, 1));
        await DoAsync(Make.Append(1, 2));

        var repeated = await CommitAsync(Make.Append(1, 1));

        Assert.True(repeated.IsRepetition);
        Assert.Equal([1], repeated.Values);
        Assert.Equal(2, await HeadAsync(1));
        Assert.Equal(new LogPosition(2, Make.Hash(Make.Body(2))), await Store.FindAsync(Make.Thread(1), Make.Message(2), Token));
    }

    [Fact]
    public async Task C4_A_commit_whose_first_append_stands_was_applied_whole_before()
    {
        await CreateThreadAsync(1, 1);
        StoreOp[] ops = [Make.Append(1, 1) with { ExpectHead = 0 }, Make.Members(1, 1, 2), new StoreOp.Close(Make.Thread(1))];
        await DoAsync(ops);

        var repeated = await CommitAsync(ops);

        Assert.True(repeated.IsRepetition);
        Assert.Equal([1], repeated.Values);
        Assert.Equal(2, (await Store.GetThreadAsync(Make.Thread(1), Token))!.MembersVersion);
    }

    [Fact]
    public async Task C4_The_same_id_with_other_bytes_is_refused_and_nothing_is_applied()
    {
        await CreateThreadAsync(1, 1);
        await DoAsync(Make.Append(1, 1));

        var conflict = await CommitAsync(Make.Append(1, 1, Make.Body(2)), Make.Members(1, 1, 2));

        Assert.Equal(HubStatus.IdConflict, conflict.Status);
        Assert.Single(await Store.ReadMembersAsync(Make.Thread(1), Token));
        Assert.Equal(Make.Body(1), (await ReadAsync(1)).Envelopes[0].Envelope.ToArray());
    }

    [Fact]
    public async Task C4_A_repetition_that_does_not_come_first_is_a_conflict()
    {
        await CreateThreadAsync(1);
        await DoAsync(Make.Append(1, 1));

        var result = await CommitAsync(Make.Append(1, 2), Make.Append(1, 1));

        Assert.Equal(HubStatus.Conflict, result.Status);
        Assert.Equal(1, await HeadAsync(1));
    }

    [Fact]
    public async Task C4_An_id_is_free_in_another_thread()
    {
        await CreateThreadAsync(1);
        await CreateThreadAsync(2);
        await DoAsync(Make.Append(1, 1));

        Assert.False((await DoAsync(Make.Append(2, 1, Make.Body(5)))).IsRepetition);
    }

    [Fact]
    public async Task C4_A_repetition_is_known_after_close_trim_and_sweep()
    {
        await CreateThreadAsync(1);
        await DoAsync(Make.Append(1, 1));
        await DoAsync(new StoreOp.Close(Make.Thread(1)), new StoreOp.Trim(Make.Thread(1), 2));
        await Store.SweepAsync(SweepBudget.Default, Token);

        Assert.True((await CommitAsync(Make.Append(1, 1))).IsRepetition);
        Assert.Equal(HubStatus.IdConflict, (await CommitAsync(Make.Append(1, 1, Make.Body(3)))).Status);
    }

    [Fact]
    public async Task C4_Many_senders_of_one_id_at_once_get_one_position()
    {
        await CreateThreadAsync(1);
        for (int round = 1; round <= 50; round++)
        {
            int id = round;
            var results = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => CommitAsync(Make.Append(1, id)).AsTask(), Token)));
            Assert.All(results, r => Assert.Equal([id], r.Values));
            Assert.Single(results, r => !r.IsRepetition);
        }
    }
}
