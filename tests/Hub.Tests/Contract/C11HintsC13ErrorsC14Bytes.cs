using System.Collections.Concurrent;
using AgentFlow.Hub.Stores;
using AgentFlow.Hub.Tests.Helpers;
using AgentFlow.Hub.Wakes;
using AgentFlow.Protocol.Hub;

namespace AgentFlow.Hub.Tests.Contract;

public abstract partial class EnvelopeStoreContract
{
    [Fact]
    public async Task C11_A_hint_if_one_comes_names_what_a_reader_finds()
    {
        await CreateThreadAsync(1, 1);
        var hints = new ConcurrentQueue<WakeHint>();
        using (Store.Wakes.Subscribe(hints.Enqueue))
        {
            await DoAsync(Make.Append(1, 1));
            await DoAsync(new StoreOp.NoteInbox(Make.Agent(1), Make.Thread(1), 1, 0));
            await CommitAsync(Make.Append(1, 1));
            await CommitAsync(Make.Append(1, 2) with { ExpectHead = 9 });
        }

        await DoAsync(Make.Append(1, 3));
        WakeHint[] possible = [new(WakeKind.Thread, Make.Thread(1).Value), new(WakeKind.Agent, Make.Agent(1).Value)];
        Assert.All(hints, hint => Assert.Contains(hint, possible));
    }

    [Fact]
    public async Task C13_Every_operation_on_an_unknown_thread_is_told_so()
    {
        StoreOp[] ops =
        [
            Make.Append(7, 1), new StoreOp.Ack(Make.Agent(1), Make.Thread(7), 1), new StoreOp.NoteInbox(Make.Agent(1), Make.Thread(7), 1, 0),
            Make.Members(7, 1), new StoreOp.Close(Make.Thread(7)), new StoreOp.Trim(Make.Thread(7), 1),
        ];
        foreach (var op in ops)
            Assert.Equal(HubStatus.NotFound, (await CommitAsync(op)).Status);
        Assert.Equal(HubStatus.NotFound, (await ReadAsync(7)).Status);
        Assert.Null(await Store.GetThreadAsync(Make.Thread(7), Token));
        Assert.Empty(await Store.ReadMembersAsync(Make.Thread(7), Token));
        Assert.Empty(await Store.ClaimAsync(new ClaimRequest(ClaimKind.Inbox, s_a, s_ttl, 1, Make.Agent(1), Make.Thread(7)), Token));
        Assert.Empty((await Store.ReadInboxAsync(Make.Agent(1), false, null, 10, Token)).Entries);
    }

    [Fact]
    public async Task C13_A_closed_thread_takes_nothing_more_and_stays_readable()
    {
        await CreateThreadAsync(1, 1);
        await DoAsync(Make.Append(1, 1));
        await DoAsync(new StoreOp.Close(Make.Thread(1)));

        Assert.Equal(HubStatus.Closed, (await CommitAsync(Make.Append(1, 2))).Status);
        Assert.Single((await ReadAsync(1)).Envelopes);
        Assert.True((await Store.GetThreadAsync(Make.Thread(1), Token))!.IsClosed);
        await DoAsync(new StoreOp.Ack(Make.Agent(1), Make.Thread(1), 1));
    }

    [Fact]
    public async Task C13_A_thread_is_created_once()
    {
        await CreateThreadAsync(1);
        await DoAsync(Make.Append(1, 1));
        var again = await CommitAsync(Make.Create(1));

        Assert.Equal((HubStatus.Conflict, 1L), (again.Status, again.Current));
    }

    [Fact]
    public async Task C13_A_foreign_cursor_is_a_programming_error()
    {
        await Assert.ThrowsAsync<ArgumentException>(() => Store.ReadInboxAsync(Make.Agent(1), false, "nonsense", 10, Token).AsTask());
        await Assert.ThrowsAsync<InvalidOperationException>(() => Store.CommitAsync(new StoreCommit(default, []), Token).AsTask());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(528)]
    [InlineData(8191)]
    [InlineData(8192)]
    [InlineData(65_537)]
    [InlineData(262_144)]
    public async Task C14_A_body_comes_back_byte_for_byte(int size)
    {
        await CreateThreadAsync(1);
        byte[] body = Make.Body(size, size);
        await DoAsync(Make.Append(1, 1, body));

        var read = (await ReadAsync(1)).Envelopes[0];
        Assert.Equal(body, read.Envelope.ToArray());
        Assert.Equal(Make.Message(1), read.MessageId);
    }

    [Fact]
    public async Task C14_A_body_beyond_256_KiB_is_too_large()
    {
        await CreateThreadAsync(1);

        Assert.Equal(HubStatus.TooLarge, (await CommitAsync(Make.Append(1, 1, Make.Body(1, 262_145)))).Status);
        Assert.Equal(0, await HeadAsync(1));
    }

    [Fact]
    public async Task C14_What_does_not_fit_goes_to_the_blob_store()
    {
        byte[] blob = Make.Body(3, 3_000_000);
        var id = Make.Hash(blob);

        Assert.Null(await Store.GetBlobAsync(id, Token));
        Assert.Equal(HubStatus.Ok, await Store.PutBlobAsync(id, blob, Token));
        Assert.Equal(HubStatus.Ok, await Store.PutBlobAsync(id, blob, Token));
        Assert.Equal(blob, (await Store.GetBlobAsync(id, Token))!.Value.ToArray());
        await Store.PutBlobAsync(Make.Hash([]), ReadOnlyMemory<byte>.Empty, Token);
        Assert.Equal(0, (await Store.GetBlobAsync(Make.Hash([]), Token))!.Value.Length);
    }
}
