using AgentFlow.Store;
using static AgentFlow.Runtime.Tests.Store.StoreData;

namespace AgentFlow.Runtime.Tests.Store;

/// <content>S4, S5, S6, S8 and S9: approvals, timers, journal, dead letters, shredding.</content>
public abstract partial class AgentStoreContract
{
    [Fact]
    public async Task S4_an_approval_is_decided_once_and_the_second_answer_gets_the_first()
    {
        var request = Hash();
        byte[] yes = Bytes(), no = Bytes();
        await CreateAsync(new AgentOp.PutApproval(request, ApprovalState.None, ApprovalState.Pending, Bytes()));
        Assert.Equal(request, Assert.Single(await Store.ListApprovalsAsync(new(State: ApprovalState.Pending), Cancel)).RequestEnvelope);
        Assert.True((await CommitAsync(1, new AgentOp.PutApproval(request, ApprovalState.Pending, ApprovalState.Decided, yes))).IsCommitted);
        await ReopenAsync();

        var second = await CommitAsync(2, new AgentOp.PutApproval(request, ApprovalState.Pending, ApprovalState.Decided, no), new AgentOp.AddAudit(1, Bytes()));
        Assert.Equal(AgentCommitStatus.ApprovalConflict, second.Status);
        Assert.Equal(ApprovalState.Decided, second.Approval!.State);
        Assert.Equal(yes, second.Approval.Bytes.ToArray());
        Assert.Empty(await Store.ListApprovalsAsync(new(State: ApprovalState.Pending), Cancel));
        Assert.Empty(await Store.ReadAuditAsync(Agent, Thread, 0, 10, Cancel));
    }

    [Fact]
    public async Task S4_a_decision_and_its_continuation_are_two_transactions()
    {
        var request = Hash();
        await CreateAsync(new AgentOp.PutApproval(request, ApprovalState.None, ApprovalState.Pending, Bytes()));
        Assert.True((await CommitAsync(1, new AgentOp.PutApproval(request, ApprovalState.Pending, ApprovalState.Pending, Bytes()))).IsCommitted);
        Assert.True((await CommitAsync(2, new AgentOp.PutApproval(request, ApprovalState.Pending, ApprovalState.Decided, Bytes()))).IsCommitted);
        Assert.Equal(request, Assert.Single(await Store.ListApprovalsAsync(new(Agent, Thread, ApprovalState.Decided), Cancel)).RequestEnvelope);
        Assert.True((await CommitAsync(3, new AgentOp.PutApproval(request, ApprovalState.Decided, ApprovalState.Finished, Bytes()))).IsCommitted);
        var again = await CommitAsync(4, new AgentOp.PutApproval(request, ApprovalState.Decided, ApprovalState.Finished, Bytes()));
        Assert.Equal((AgentCommitStatus.ApprovalConflict, ApprovalState.Finished), (again.Status, again.Approval!.State));
        var unknown = await CommitAsync(4, new AgentOp.PutApproval(Hash(), ApprovalState.Pending, ApprovalState.Decided, Bytes()));
        Assert.Equal(AgentCommitStatus.ApprovalConflict, unknown.Status);
        Assert.Null(unknown.Approval);
    }

    [Fact]
    public async Task S4_approvals_of_all_threads_are_listed_together()
    {
        var (other, person) = (StoreData.Thread(), StoreData.Agent());
        var requests = new[] { Hash(), Hash(), Hash() };
        await CreateAsync(new AgentOp.PutApproval(requests[0], ApprovalState.None, ApprovalState.Pending, Bytes()));
        await Store.CommitAsync(Commit(person, Thread, 0, new AgentOp.CreateThread(Start), new AgentOp.PutApproval(requests[1], ApprovalState.None, ApprovalState.Pending, Bytes())), Cancel);
        await Store.CommitAsync(Commit(Agent, other, 0, new AgentOp.CreateThread(Start), new AgentOp.PutApproval(requests[2], ApprovalState.None, ApprovalState.Pending, Bytes())), Cancel);
        Assert.Equal(requests, (await Store.ListApprovalsAsync(new(), Cancel)).Select(a => a.RequestEnvelope));
        Assert.Equal([requests[0], requests[2]], (await Store.ListApprovalsAsync(new(Agent), Cancel)).Select(a => a.RequestEnvelope));
        Assert.Equal([requests[0], requests[1]], (await Store.ListApprovalsAsync(new(Thread: Thread, State: ApprovalState.Pending), Cancel)).Select(a => a.RequestEnvelope));
        Assert.Single(await Store.ListApprovalsAsync(new(MaxCount: 1), Cancel));
    }

    [Fact]
    public async Task S5_timers_come_due_in_order_also_after_a_restart()
    {
        byte[] first = Bytes(8), second = Bytes(8), moved = Bytes(8), removed = Bytes(8);
        await CreateAsync(
            new AgentOp.AddTimer(Start.AddMinutes(2), 1, second, Bytes()),
            new AgentOp.AddTimer(Start.AddMinutes(1), 1, first, Bytes()),
            new AgentOp.AddTimer(Start.AddMinutes(1), 2, moved, Bytes()),
            new AgentOp.AddTimer(Start.AddSeconds(1), 1, removed, Bytes()));
        Assert.True((await CommitAsync(null, new AgentOp.AddTimer(Start.AddHours(1), 2, moved, Bytes()), new AgentOp.RemoveTimer(1, removed))).IsCommitted);
        Assert.True((await CommitAsync(null, new AgentOp.RemoveTimer(1, removed))).IsCommitted);
        await ReopenAsync();
        Assert.Equal(Start.AddMinutes(1), await Store.FindNextDueAsync(Cancel));
        Assert.Empty(await Store.ListDueTimersAsync(Start.AddSeconds(59), 10, Cancel));
        var due = await Store.ListDueTimersAsync(Start.AddMinutes(2), 10, Cancel);
        Assert.Equal([first, second], due.Select(t => t.Key.ToArray()));
        Assert.Single(await Store.ListDueTimersAsync(Start.AddMinutes(2), 1, Cancel));
    }

    [Fact]
    public async Task S6_a_finished_step_is_read_from_the_journal()
    {
        byte[] key = Bytes(16), result = Bytes();
        await CreateAsync();
        Assert.Null(await Store.FindJournalAsync(Agent, Thread, key, Cancel));
        Assert.True((await CommitAsync(null, new AgentOp.PutJournal(key, result))).IsCommitted);
        await ReopenAsync();
        Assert.Equal(result, (await Store.FindJournalAsync(Agent, Thread, key, Cancel))!.Value.ToArray());
        var again = await CommitAsync(null, new AgentOp.PutJournal(key, Bytes()));
        Assert.Equal(AgentCommitStatus.JournalExists, again.Status);
        Assert.Equal(result, again.Journal.ToArray());
        Assert.True((await CommitAsync(null, new AgentOp.PutJournal(Bytes(16), default))).IsCommitted);
    }

    [Fact]
    public async Task S6_a_step_without_a_result_is_told_from_a_step_that_did_not_run()
    {
        byte[] key = Bytes(16);
        await CreateAsync(new AgentOp.PutJournal(key, default));
        Assert.Equal(0, (await Store.FindJournalAsync(Agent, Thread, key, Cancel))?.Length);
    }

    [Fact]
    public async Task S7_a_state_is_written_by_compare_and_set()
    {
        byte[] last = Bytes();
        await CreateAsync(new AgentOp.PutState("a", 1, Bytes(), 0), new AgentOp.PutState("b", 1, Bytes(), 0));
        Assert.True((await CommitAsync(1, new AgentOp.PutState("a", 2, last, 1))).IsCommitted);
        Assert.Equal((AgentCommitStatus.StateConflict, 2L), Told(await CommitAsync(2, new AgentOp.PutState("a", 2, Bytes(), 1))));
        Assert.Equal((AgentCommitStatus.StateConflict, 0L), Told(await CommitAsync(2, new AgentOp.PutState("c", 2, Bytes(), 1))));
        var state = await Store.FindStateAsync(Agent, Thread, "a", Cancel);
        Assert.Equal((2, 2L), (state!.SchemaVersion, state.Version));
        Assert.Equal(last, state.Bytes.ToArray());
        Assert.Null(await Store.FindStateAsync(Agent, Thread, "A", Cancel));
    }

    [Fact]
    public async Task S8_a_dead_letter_keeps_cause_and_bytes_until_it_is_removed()
    {
        byte[] bytes = Bytes(2000);
        await CreateAsync(new AgentOp.AddDeadLetter(new(4, 1), "first try", Bytes()), new AgentOp.AddDeadLetter(new(2, 0), "handler threw", bytes));
        Clock.Now += TimeSpan.FromMinutes(5);
        Assert.True((await CommitAsync(1, new AgentOp.AddDeadLetter(new(4, 1), "second try", bytes))).IsCommitted);
        await ReopenAsync();
        var letters = await Store.ListDeadLettersAsync(Agent, Thread, 10, Cancel);
        Assert.Equal([(new FramePosition(2, 0), "handler threw", Start), (new FramePosition(4, 1), "second try", Clock.Now)], letters.Select(l => (l.Frame, l.Cause, l.At)));
        Assert.Equal(bytes, letters[1].Bytes.ToArray());
        Assert.Empty(await Store.ListDeadLettersAsync(StoreData.Agent(), null, 10, Cancel));
        Assert.True((await CommitAsync(2, new AgentOp.RemoveDeadLetter(new(4, 1)))).IsCommitted);
        Assert.Equal(new FramePosition(2, 0), Assert.Single(await Store.ListDeadLettersAsync(null, null, 10, Cancel)).Frame);
    }

    [Fact]
    public async Task S9_a_destroyed_thread_cannot_be_read_or_written_any_more()
    {
        byte[] key = Bytes();
        var e = Hash();
        await CreateAsync(
            new AgentOp.SaveMember(Bytes(), 1), new AgentOp.AddHistory(1, e, Hash(), HistoryStatus.Opened, Record()), new AgentOp.PutState("s", 1, Bytes(), 0),
            new AgentOp.PutJournal(key, Bytes()), new AgentOp.AddOutbox(Message(), Hash(), Bytes(), Record()), new AgentOp.AddTimer(Start, 1, key, Bytes()),
            new AgentOp.PutApproval(e, ApprovalState.None, ApprovalState.Pending, Bytes()), new AgentOp.AddDeadLetter(new(1, 0), "cause", Bytes()), new AgentOp.AddAudit(1, Bytes()));
        Assert.True(await Store.DestroyThreadAsync(Agent, Thread, Cancel));
        Assert.False(await Store.DestroyThreadAsync(Agent, Thread, Cancel));
        Assert.False(await Store.DestroyThreadAsync(Agent, StoreData.Thread(), Cancel));

        Assert.Equal(AgentCommitStatus.Destroyed, (await CommitAsync(1, new AgentOp.SaveMember(Bytes(), 2))).Status);
        Assert.Equal(AgentCommitStatus.Destroyed, (await CommitAsync(0, new AgentOp.CreateThread(Start))).Status);
        await ReopenAsync();
        var row = await LoadAsync();
        Assert.True(row.IsDestroyed);
        Assert.True(row.MemberState.Length == 0);
        Assert.Null(row.Title);
        Assert.Empty(await Store.ReadHistoryAsync(Agent, Thread, 0, 10, Cancel));
        Assert.Empty(await Store.ReadHashesAsync(Agent, Thread, 0, 10, Cancel));
        Assert.Null(await Store.FindHistoryAsync(Agent, Thread, e, Cancel));
        Assert.Null(await Store.FindStateAsync(Agent, Thread, "s", Cancel));
        Assert.Null(await Store.FindJournalAsync(Agent, Thread, key, Cancel));
        Assert.Null(await Store.FindApprovalAsync(Agent, Thread, e, Cancel));
        Assert.Empty(await Store.ListApprovalsAsync(new(), Cancel));
        Assert.Empty(await Store.ListOutboxThreadsAsync(Cancel));
        Assert.Null(await Store.FindNextDueAsync(Cancel));
        Assert.Empty(await Store.ListDeadLettersAsync(null, null, 10, Cancel));
        Assert.Empty(await Store.ReadAuditAsync(Agent, Thread, 0, 10, Cancel));
        Assert.Equal(AgentCommitStatus.Destroyed, (await CommitAsync(2, new AgentOp.SaveMember(Bytes(), 2))).Status);
        Assert.Empty(await Store.ListThreadsAsync(new(), Cancel));
        Assert.Single(await Store.ListThreadsAsync(new() { IncludeDestroyed = true }, Cancel));
        Assert.Empty(await Store.CountThreadsAsync(null, Cancel));
    }
}
