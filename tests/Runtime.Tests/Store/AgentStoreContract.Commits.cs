using AgentFlow.Store;
using static AgentFlow.Runtime.Tests.Store.StoreData;

namespace AgentFlow.Runtime.Tests.Store;

/// <content>S1, S2, S3 and S7: one transaction, dedupe, outbox, compare-and-set.</content>
public abstract partial class AgentStoreContract
{
    [Fact]
    public async Task S1_everything_of_a_handled_frame_becomes_durable_together()
    {
        byte[] member = Bytes(3000), state = Bytes(), payload = Bytes(), sealedBytes = Bytes(528), dead = Bytes(), audit = Bytes(), timerKey = Bytes(20);
        Bytes32 e = Hash(), t = Hash(), request = Hash();
        var record = Record();
        var message = Message();
        await CreateAsync();
        var result = await CommitAsync(
            1,
            new AgentOp.SaveMember(member, 7),
            new AgentOp.AddHistory(7, e, t, HistoryStatus.Opened, record),
            new AgentOp.MarkHandled(new(7, 0)),
            new AgentOp.SetDispatched(new(7, 1)),
            new AgentOp.PutState("release", 3, state, 0),
            new AgentOp.AddOutbox(message, Hash(), sealedBytes, null),
            new AgentOp.PutApproval(request, ApprovalState.None, ApprovalState.Pending, payload),
            new AgentOp.AddTimer(Start.AddHours(2), 4, timerKey, payload),
            new AgentOp.AddDeadLetter(new(6, 2), "no decoder", dead),
            new AgentOp.AddAudit(9, audit),
            new AgentOp.SetOutcome(ThreadOutcome.Parked, "needs newer code"),
            new AgentOp.SetBlocked(Start.AddMinutes(1)));
        Assert.True(result.IsCommitted);
        Assert.Equal(2, result.Version);
        await ReopenAsync();

        var thread = await LoadAsync();
        Assert.Equal((2, 7, new FramePosition(7, 1)), (thread.Version, thread.Received, thread.Dispatched));
        Assert.Equal(member, thread.MemberState);
        Assert.Equal((ThreadOutcome.Parked, "needs newer code", "Deploy shop"), (thread.Outcome, thread.Reason, thread.Title));
        Assert.Equal((Start, Start, Start.AddMinutes(1)), (thread.StartedAt, thread.UpdatedAt, thread.BlockedUntil));
        var history = Assert.Single(await Store.ReadHistoryAsync(Agent, Thread, 0, 10, Cancel));
        Assert.Equal((7, e, t, HistoryStatus.Opened), (history.Position, history.Envelope, history.ThreadHash, history.Status));
        AssertSame(record, history.Record);
        Assert.True(await Store.IsHandledAsync(Agent, Thread, new(7, 0), Cancel));
        var held = await Store.FindStateAsync(Agent, Thread, "release", Cancel);
        Assert.Equal((3, 1L), (held!.SchemaVersion, held.Version));
        Assert.Equal(state, held.Bytes.ToArray());
        var outbox = Assert.Single(await Store.ReadOutboxAsync(Agent, Thread, 10, Cancel));
        Assert.Equal((message, false), (outbox.MessageId, outbox.IsGenesis));
        Assert.Equal(sealedBytes, outbox.Bytes.ToArray());
        Assert.Equal(payload, (await Store.FindApprovalAsync(Agent, Thread, request, Cancel))!.Bytes.ToArray());
        var timer = Assert.Single(await Store.ListDueTimersAsync(Start.AddHours(2), 10, Cancel));
        Assert.Equal((Agent, Thread, Start.AddHours(2), 4), (timer.Agent, timer.Thread, timer.Due, timer.Kind));
        Assert.Equal(timerKey, timer.Key.ToArray());
        Assert.Equal(payload, timer.Payload.ToArray());
        var letter = Assert.Single(await Store.ListDeadLettersAsync(null, null, 10, Cancel));
        Assert.Equal((new FramePosition(6, 2), Start, "no decoder"), (letter.Frame, letter.At, letter.Cause));
        Assert.Equal(dead, letter.Bytes.ToArray());
        var line = Assert.Single(await Store.ReadAuditAsync(Agent, Thread, 0, 10, Cancel));
        Assert.Equal((Start, 9), (line.At, line.Kind));
        Assert.Equal(audit, line.Bytes.ToArray());
    }

    [Fact]
    public async Task S1_a_mismatch_in_the_last_operation_applies_nothing()
    {
        await CreateAsync(new AgentOp.PutState("release", 1, Bytes(), 0), new AgentOp.SaveMember(Bytes(), 1));
        var before = await LoadAsync();
        var result = await CommitAsync(
            1,
            new AgentOp.SaveMember(Bytes(), 2),
            new AgentOp.AddHistory(2, Hash(), Hash(), HistoryStatus.Opened, Record()),
            new AgentOp.MarkHandled(new(2, 0)),
            new AgentOp.AddOutbox(Message(), Hash(), Bytes(), Record()),
            new AgentOp.PutApproval(Hash(), ApprovalState.None, ApprovalState.Pending, Bytes()),
            new AgentOp.AddTimer(Start, 1, Bytes(), Bytes()),
            new AgentOp.AddDeadLetter(new(2, 0), "cause", Bytes()),
            new AgentOp.AddAudit(1, Bytes()),
            new AgentOp.PutJournal(Bytes(), Bytes()),
            new AgentOp.PutState("release", 1, Bytes(), 0));
        Assert.Equal((AgentCommitStatus.StateConflict, 1L, 9), (result.Status, result.Version, result.OperationIndex));

        var after = await LoadAsync();
        Assert.Equal((before.Version, before.Received), (after.Version, after.Received));
        Assert.Equal(before.MemberState, after.MemberState.ToArray());
        Assert.Empty(await Store.ReadHistoryAsync(Agent, Thread, 0, 10, Cancel));
        Assert.False(await Store.IsHandledAsync(Agent, Thread, new(2, 0), Cancel));
        Assert.Empty(await Store.ReadOutboxAsync(Agent, Thread, 10, Cancel));
        Assert.Empty(await Store.ListApprovalsAsync(new(), Cancel));
        Assert.Null(await Store.FindNextDueAsync(Cancel));
        Assert.Empty(await Store.ListDeadLettersAsync(null, null, 10, Cancel));
        Assert.Empty(await Store.ReadAuditAsync(Agent, Thread, 0, 10, Cancel));
    }

    [Fact]
    public async Task S1_a_parent_and_the_child_that_it_starts_are_one_transaction()
    {
        var child = StoreData.Thread();
        await CreateAsync();
        var parentWork = Commit(Agent, Thread, 1, new AgentOp.MarkHandled(new(1, 0)));
        var childWork = Commit(Agent, child, 0, new AgentOp.CreateThread(Start.AddSeconds(1), "child", Thread), new AgentOp.AddOutbox(Message(), Hash(), Bytes(), null, IsGenesis: true));

        var refused = await Store.CommitAsync([childWork, parentWork with { ExpectVersion = 5 }], Cancel);
        Assert.Equal((AgentCommitStatus.VersionConflict, 1, 1L), (refused.Status, refused.CommitIndex, refused.Version));
        Assert.Null(await Store.LoadThreadAsync(Agent, child, Cancel));

        Assert.True((await Store.CommitAsync([parentWork, childWork], Cancel)).IsCommitted);
        Assert.Equal(Thread, (await Store.LoadThreadAsync(Agent, child, Cancel))!.Parent);
        Assert.True(Assert.Single(await Store.ReadOutboxAsync(Agent, child, 10, Cancel)).IsGenesis);
    }

    [Fact]
    public async Task S2_a_frame_is_handled_once_for_as_long_as_the_thread_lives()
    {
        await CreateAsync();
        Assert.True((await CommitAsync(1, new AgentOp.MarkHandled(new(3, 0)))).IsCommitted);
        await ReopenAsync();
        Assert.True(await Store.IsHandledAsync(Agent, Thread, new(3, 0), Cancel));
        Assert.False(await Store.IsHandledAsync(Agent, Thread, new(3, 1), Cancel));
        Assert.Equal(AgentCommitStatus.AlreadyHandled, (await CommitAsync(2, new AgentOp.AddAudit(1, Bytes()), new AgentOp.MarkHandled(new(3, 0)))).Status);
        Assert.Empty(await Store.ReadAuditAsync(Agent, Thread, 0, 10, Cancel));
    }

    [Fact]
    public async Task S2_a_position_is_added_to_the_history_once()
    {
        await CreateAsync(new AgentOp.AddHistory(1, Hash(), Hash(), HistoryStatus.Opened, null));
        Assert.Equal(AgentCommitStatus.HistoryExists, (await CommitAsync(1, new AgentOp.AddHistory(1, Hash(), Hash(), HistoryStatus.Opened, null))).Status);
    }

    [Fact]
    public async Task S3_the_outbox_keeps_the_order_of_adding_and_the_bytes_until_it_is_told_the_position()
    {
        var messages = Enumerable.Range(0, 5).Select(_ => (Id: Message(), Bytes: Bytes(600))).ToList();
        await CreateAsync(new AgentOp.AddOutbox(messages[0].Id, Hash(), messages[0].Bytes, null));
        for (int i = 1; i < messages.Count; i++)
            Assert.True((await CommitAsync(i, new AgentOp.AddOutbox(messages[i].Id, Hash(), messages[i].Bytes, null))).IsCommitted);
        Assert.Equal((Agent, Thread), Assert.Single(await Store.ListOutboxThreadsAsync(Cancel)));
        Assert.Equal(AgentCommitStatus.OutboxExists, (await CommitAsync(5, new AgentOp.AddOutbox(messages[2].Id, Hash(), Bytes(), null))).Status);

        Assert.True((await CommitAsync(null, new AgentOp.CompleteOutbox(messages[0].Id, 4))).IsCommitted);
        Assert.True((await CommitAsync(null, new AgentOp.CompleteOutbox(messages[0].Id, 4))).IsCommitted);
        await ReopenAsync();
        var rows = await Store.ReadOutboxAsync(Agent, Thread, 3, Cancel);
        Assert.Equal(messages.Skip(1).Take(3).Select(m => m.Id), rows.Select(r => r.MessageId));
        Assert.Equal(messages[1].Bytes, rows[0].Bytes.ToArray());
        Assert.Equal(5, (await LoadAsync()).Version);
    }

    [Fact]
    public async Task S3_the_record_of_an_own_envelope_moves_into_the_history_when_its_position_is_known()
    {
        Bytes32 sent = Hash(), dropped = Hash();
        var record = Record();
        var (first, second) = (Message(), Message());
        await CreateAsync(new AgentOp.AddOutbox(first, sent, Bytes(), record), new AgentOp.AddOutbox(second, dropped, Bytes(), Record()));
        Assert.True((await CommitAsync(null, new AgentOp.CompleteOutbox(first, 1))).IsCommitted);
        Assert.True((await CommitAsync(1, new AgentOp.DropOutbox(second))).IsCommitted);
        AssertSame(record, await Store.FindOwnRecordAsync(Agent, Thread, sent, Cancel));
        Assert.Null(await Store.FindOwnRecordAsync(Agent, Thread, dropped, Cancel));

        Assert.True((await CommitAsync(2, new AgentOp.AddHistory(1, sent, Hash(), HistoryStatus.Own, null))).IsCommitted);
        var row = await Store.FindHistoryAsync(Agent, Thread, sent, Cancel);
        Assert.Equal(HistoryStatus.Own, row!.Status);
        AssertSame(record, row.Record);
        Assert.Null(await Store.FindOwnRecordAsync(Agent, Thread, sent, Cancel));
        Assert.Empty(await Store.ListOutboxThreadsAsync(Cancel));
    }

    [Fact]
    public async Task S7_a_thread_is_written_only_by_who_read_its_last_version()
    {
        await CreateAsync();
        Assert.Equal((AgentCommitStatus.VersionConflict, 1L), Told(await CommitAsync(0, new AgentOp.CreateThread(Start))));
        Assert.Equal((AgentCommitStatus.VersionConflict, 1L), Told(await CommitAsync(2, new AgentOp.SaveMember(Bytes(), 1))));
        Assert.True((await CommitAsync(1, new AgentOp.SaveMember(Bytes(), 1))).IsCommitted);
        Assert.Equal((AgentCommitStatus.VersionConflict, 2L), Told(await CommitAsync(1, new AgentOp.SaveMember(Bytes(), 1))));
        var elsewhere = Commit(Agent, StoreData.Thread(), 3, new AgentOp.SaveMember(Bytes(), 1));
        Assert.Equal((AgentCommitStatus.VersionConflict, 0L), Told(await Store.CommitAsync(elsewhere, Cancel)));
        Assert.Equal(AgentCommitStatus.NotFound, (await Store.CommitAsync(Commit(Agent, StoreData.Thread(), null, new AgentOp.AddAudit(1, Bytes())), Cancel)).Status);
    }

    [Fact]
    public async Task S7_of_many_writers_of_one_version_one_wins()
    {
        await CreateAsync();
        var results = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => CommitAsync(1, new AgentOp.MarkHandled(new(i + 1, 0)), new AgentOp.PutState("s", 1, Bytes(), 0)).AsTask()));
        Assert.Single(results, r => r.IsCommitted);
        Assert.All(results.Where(r => !r.IsCommitted), r => Assert.Equal((AgentCommitStatus.VersionConflict, 2L), Told(r)));
        Assert.Equal(1, (await Store.FindStateAsync(Agent, Thread, "s", Cancel))!.Version);
    }

    [Fact]
    public async Task S7_a_stale_lease_writes_nothing()
    {
        await CreateAsync();
        Assert.Equal(1, await Store.RaiseFenceAsync(Agent, Thread, Cancel));
        Assert.Equal(2, await Store.RaiseFenceAsync(Agent, Thread, Cancel));
        Assert.Null(await Store.RaiseFenceAsync(Agent, StoreData.Thread(), Cancel));
        var work = Commit(Agent, Thread, 1, new AgentOp.SaveMember(Bytes(), 1));
        Assert.Equal(AgentCommitStatus.Fenced, (await Store.CommitAsync(work, Cancel)).Status);
        Assert.Equal(AgentCommitStatus.Fenced, (await Store.CommitAsync(work with { Fence = 1 }, Cancel)).Status);
        Assert.True((await Store.CommitAsync(work with { Fence = 2 }, Cancel)).IsCommitted);
    }

    [Fact]
    public async Task Misuse_is_refused_with_a_message_that_names_the_rule()
    {
        await CreateAsync();
        await Assert.ThrowsAsync<ArgumentException>(async () => await CommitAsync(null, new AgentOp.SaveMember(Bytes(), 1)));
        await Assert.ThrowsAsync<ArgumentException>(async () => await CommitAsync(0, new AgentOp.AddAudit(1, Bytes())));
        await Assert.ThrowsAsync<ArgumentException>(async () => await CommitAsync(1, new AgentOp.CreateThread(Start)));
        await Assert.ThrowsAsync<ArgumentException>(async () => await CommitAsync(1, new AgentOp.PutApproval(Hash(), ApprovalState.Decided, ApprovalState.Pending, Bytes())));
        var twice = Commit(Agent, Thread, 1, new AgentOp.AddAudit(1, Bytes()));
        await Assert.ThrowsAsync<ArgumentException>(async () => await Store.CommitAsync([twice, twice], Cancel));
    }

    private static (AgentCommitStatus, long) Told(AgentCommitResult result) => (result.Status, result.Version);
}
