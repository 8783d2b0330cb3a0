using AgentFlow.Hub.Stores;
using AgentFlow.Hub.Tests.Helpers;
using AgentFlow.Protocol.Hub;

namespace AgentFlow.Hub.Tests.Hubs;

public abstract partial class HubContract
{
    [Fact]
    public async Task A_thread_is_created_once_and_a_repetition_is_answered_with_position_1()
    {
        using var thread = await CreateThreadAsync();

        Assert.Equal(AppendResult.Duplicate(1), await Hub.CreateThreadAsync(thread.Id, Make.Message(1), thread.Genesis, Token));
        Assert.Equal(AppendResult.Refused(HubStatus.Conflict), await Hub.CreateThreadAsync(thread.Id, Make.Message(2), thread.Genesis, Token));
        var page = await Hub.ReadThreadAsync(thread.Id, 0, 10, 1 << 20, Token);
        Assert.Equal(thread.Genesis.ToArray(), Assert.Single(page.Envelopes).Envelope.ToArray());
    }

    [Fact]
    public async Task A_genesis_is_refused_when_it_is_damaged_or_names_unknown_agents_or_another_thread()
    {
        using var thread = new HubThread(Alice, Bob);
        if (!AsksWhoCalls)
            Assert.Equal(AppendResult.Refused(HubStatus.NotFound), await Hub.CreateThreadAsync(thread.Id, Make.Message(1), thread.Genesis, Token));
        await Hub.RegisterAgentAsync(Alice.Registration, Token);
        Assert.Equal(AppendResult.Refused(HubStatus.NotFound), await Hub.CreateThreadAsync(thread.Id, Make.Message(1), thread.Genesis, Token));
        await Hub.RegisterAgentAsync(Bob.Registration, Token);

        Assert.Equal(AppendResult.Refused(HubStatus.Invalid), await Hub.CreateThreadAsync(Make.Thread(1), Make.Message(1), thread.Genesis, Token));
        Assert.Equal(AppendResult.Refused(HubStatus.TooLarge), await Hub.CreateThreadAsync(thread.Id, Make.Message(1), new byte[262_145], Token));
        byte[] damaged = thread.Genesis.ToArray();
        for (int i = 0; i < damaged.Length; i += 7)
        {
            damaged[i] ^= 0x80;
            Assert.False((await Hub.CreateThreadAsync(thread.Id, Make.Message(1), damaged.ToArray(), Token)).IsAccepted, $"byte {i}");
            damaged[i] ^= 0x80;
        }

        Assert.Equal(HubStatus.NotFound, (await Hub.ReadThreadAsync(thread.Id, 0, 10, 1000, Token)).Status);
        Assert.Equal(AppendResult.Appended(1), await Hub.CreateThreadAsync(thread.Id, Make.Message(1), thread.Genesis, Token));
    }

    [Fact]
    public async Task What_one_member_appends_the_other_opens()
    {
        using var thread = await CreateThreadAsync();
        await AppendAsync(thread, 2, 2, thread.Seal(thread.A, "one"));
        await AppendAsync(thread, 3, 3, thread.Seal(thread.A, "two"));
        var page = await Hub.ReadThreadAsync(thread.Id, 1, 10, 1 << 20, Token);
        string[] texts = [.. page.Envelopes.Select(e => thread.Open(thread.B, e))];
        await AppendAsync(thread, 4, 4, thread.Seal(thread.B, "three"));

        Assert.Equal(["one", "two"], texts);
    }

    [Fact]
    public async Task Resent_bytes_are_answered_with_their_position_and_an_id_stands_for_one_envelope()
    {
        using var thread = await CreateThreadAsync();
        byte[] first = thread.Seal(thread.A, "one");
        byte[] second = thread.Seal(thread.A, "two");
        await AppendAsync(thread, 2, 2, first);
        await AppendAsync(thread, 3, 3, second);

        Assert.Equal(AppendResult.Duplicate(2), await Hub.AppendAsync(thread.Id, Make.Message(2), first, Token));
        Assert.Equal(AppendResult.Duplicate(3), await Hub.AppendAsync(thread.Id, Make.Message(3), second, Token));
        Assert.Equal(AppendResult.Refused(HubStatus.IdConflict), await Hub.AppendAsync(thread.Id, Make.Message(2), second, Token));
        Assert.Equal(AppendResult.Refused(HubStatus.IdConflict), await Hub.AppendAsync(thread.Id, Make.Message(2), thread.Seal(thread.A, "three"), Token));
        Assert.Equal(AppendResult.Refused(HubStatus.Invalid), await Hub.AppendAsync(thread.Id, Make.Message(9), first, Token));
    }

    [Fact]
    public async Task An_envelope_with_any_byte_changed_or_cut_is_refused_and_does_no_harm()
    {
        using var thread = await CreateThreadAsync();
        byte[] good = thread.Seal(thread.A, "good");
        int bodyEnd = good.Length - 64;
        for (int i = 0; i < good.Length; i++)
        {
            // The body is covered by C, which only members can check; without signatures so are time, nonce, C and the trailer.
            bool isUnchecked = (i >= 192 && i < bodyEnd) || (TrustOwnProcess && (i >= 136 && i != 156 && i != 157 && i != 158 && i != 159));
            if (isUnchecked)
                continue;
            byte[] bad = [.. good];
            bad[i] ^= 0x41;
            // A generation may jump ahead by up to 1,024: only the signature tells.
            if (TrustOwnProcess && i is 52 or 53)
                continue;
            Assert.False((await Hub.AppendAsync(thread.Id, Make.Message(2), bad, Token)).IsAccepted, $"byte {i}");
        }

        for (int length = 0; length < good.Length; length += 13)
            Assert.False((await Hub.AppendAsync(thread.Id, Make.Message(2), good.AsMemory(0, length), Token)).IsAccepted, $"length {length}");
        await AppendAsync(thread, 2, 2, good);
    }

    [Fact]
    public async Task Envelopes_of_other_threads_other_epochs_and_out_of_order_are_refused()
    {
        using var thread = await CreateThreadAsync();
        using var other = await CreateThreadAsync(id: 2);
        byte[] first = thread.Seal(thread.A, "one");
        byte[] second = thread.Seal(thread.A, "two");
        byte[] stale = [.. first];
        stale[40] = 7;

        Assert.Equal(AppendResult.Refused(HubStatus.Invalid), await Hub.AppendAsync(other.Id, Make.Message(5), first, Token));
        Assert.Equal(AppendResult.Refused(HubStatus.StaleEpoch), await Hub.AppendAsync(thread.Id, Make.Message(5), stale, Token));
        Assert.Equal(AppendResult.Refused(HubStatus.Invalid), await Hub.AppendAsync(thread.Id, Make.Message(5), second, Token));
        Assert.Equal(AppendResult.Refused(HubStatus.NotFound), await Hub.AppendAsync(Make.Thread(5), Make.Message(5), first, Token));
        Assert.Equal(AppendResult.Refused(HubStatus.TooLarge), await Hub.AppendAsync(thread.Id, Make.Message(5), new byte[262_145], Token));
        await AppendAsync(thread, 2, 2, first);
        await AppendAsync(thread, 3, 3, second);
    }

    [Fact]
    public async Task A_leaf_that_is_not_in_the_roster_is_no_member()
    {
        using var thread = await CreateThreadAsync();
        byte[] envelope = thread.Seal(thread.A, "one");
        envelope[48] = 9;

        Assert.Equal(AppendResult.Refused(HubStatus.NotMember), await Hub.AppendAsync(thread.Id, Make.Message(2), envelope, Token));
    }

    [Fact]
    public async Task A_sender_that_lags_far_behind_acknowledges_an_old_position()
    {
        using var thread = await CreateThreadAsync();
        byte[] late = thread.Seal(thread.B, "late");
        for (int i = 0; i < 50; i++)
            await AppendAsync(thread, 2 + i, 2 + i, thread.Seal(thread.A, "x"));
        await AppendAsync(thread, 99, 52, late);
        foreach (var envelope in (await Hub.ReadThreadAsync(thread.Id, 1, 19, 1 << 20, Token)).Envelopes)
            thread.Open(thread.B, envelope);
        await AppendAsync(thread, 100, 53, thread.Seal(thread.B, "acknowledges 20"));
    }

    [Fact]
    public async Task A_restarted_hub_goes_on_from_its_snapshot_and_the_log_after_it()
    {
        using var thread = await CreateThreadAsync();
        for (int i = 0; i < 11; i++)
        {
            await AppendAsync(thread, 2 + i, 2 + i, thread.Seal(thread.A, "x"));
            if (i is 2 or 3 or 8 && IsDurable)
                await RestartAsync();
        }

        await AppendAsync(thread, 60, 13, thread.Seal(thread.B, "y"));
        Assert.Equal(13, (await Hub.ReadThreadAsync(thread.Id, 0, 100, 1 << 20, Token)).Head);
    }

    [Fact]
    public async Task Appends_of_a_sender_that_are_started_together_stand_in_their_order()
    {
        using var thread = await CreateThreadAsync();
        var results = await Task.WhenAll(Enumerable.Range(0, 100).Select(i =>
            Hub.AppendAsync(thread.Id, Make.Message(10 + i), thread.Seal(i % 3 == 0 ? thread.B : thread.A, "x"), Token).AsTask()));

        long[] positions = [.. results.Select(result => result.Position)];
        Assert.All(results, result => Assert.Equal(AppendStatus.Appended, result.Status));
        Assert.Equal(Enumerable.Range(2, 100).Select(i => (long)i), positions.Order());
        foreach (var ofSender in positions.Select((position, i) => (position, IsBob: i % 3 == 0)).GroupBy(one => one.IsBob, one => one.position))
            Assert.Equal(ofSender.Order(), ofSender);
        // Where callers log in, each device has streams of its own.
        if (!AsksWhoCalls)
            Assert.Equal(positions.Order(), positions);
    }

    [Fact]
    public async Task When_a_commit_fails_what_was_checked_behind_it_is_checked_again()
    {
        using var thread = await CreateThreadAsync();
        byte[][] mine = [.. Enumerable.Range(0, 5).Select(i => thread.Seal(thread.A, "a"))];
        byte[] others = thread.Seal(thread.B, "b");
        var release = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var allChecked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        int count = 0;
        Faults!.Delay = commit =>
        {
            if (commit.Ops[0] is not StoreOp.Append)
                return null;
            if (Interlocked.Increment(ref count) == 6)
                allChecked.SetResult();
            return release.Task;
        };
        Faults.Refuse = commit => commit.Ops[0] is StoreOp.Append { MessageId: var id } && id == Make.Message(11) ? HubStatus.Busy : null;
        var appends = mine.Select((bytes, i) => Hub.AppendAsync(thread.Id, Make.Message(10 + i), bytes, Token).AsTask()).ToList();
        appends.Add(Hub.AppendAsync(thread.Id, Make.Message(20), others, Token).AsTask());
        await allChecked.Task;
        release.SetResult();
        var results = await Task.WhenAll(appends);

        Assert.Equal(AppendResult.Appended(2), results[0]);
        Assert.All(results[1..5], r => Assert.Equal(AppendResult.Refused(HubStatus.Busy), r));
        Assert.Equal(AppendResult.Appended(3), results[5]);
        Faults.Refuse = _ => null;
        for (int i = 1; i < 5; i++)
            await AppendAsync(thread, 10 + i, 3 + i, mine[i]);
    }

    [Fact]
    public async Task An_envelope_that_is_sent_again_while_the_first_is_under_way_is_answered_with_its_position()
    {
        using var thread = await CreateThreadAsync();
        byte[] envelope = thread.Seal(thread.A, "a");
        var release = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Faults!.Delay = commit => commit.Ops[0] is StoreOp.Append ? release.Task : null;
        var first = Hub.AppendAsync(thread.Id, Make.Message(2), envelope, Token).AsTask();
        var second = Hub.AppendAsync(thread.Id, Make.Message(2), envelope, Token).AsTask();
        release.SetResult();

        Assert.Equal(AppendResult.Appended(2), await first);
        Assert.Equal(AppendResult.Duplicate(2), await second);
    }

    private protected virtual bool IsDurable => false;
}
