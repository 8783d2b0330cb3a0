using AgentFlow.Store;
using static AgentFlow.Runtime.Tests.Store.StoreData;

namespace AgentFlow.Runtime.Tests.Store;

/// <content>Agents, peers, lists of threads, history pages.</content>
public abstract partial class AgentStoreContract
{
    [Fact]
    public async Task An_agent_is_written_by_compare_and_set_and_its_name_is_its_own()
    {
        var agent = new AgentRecord { Agent = Agent, Name = "qa", Version = 0, IdentityLog = Bytes(300), KeyBundle = Bytes(224), Secrets = Bytes(96) };
        Assert.True(await Store.PutAgentAsync(agent, Cancel));
        Assert.False(await Store.PutAgentAsync(agent, Cancel));
        Assert.False(await Store.PutAgentAsync(agent with { Agent = StoreData.Agent(), Name = "QA" }, Cancel));
        byte[] longer = Bytes(400);
        Assert.True(await Store.PutAgentAsync(agent with { Version = 1, IdentityLog = longer }, Cancel));
        await ReopenAsync();
        var held = Assert.Single(await Store.ListAgentsAsync(Cancel));
        Assert.Equal((Agent, "qa", 2L), (held.Agent, held.Name, held.Version));
        Assert.Equal(longer, held.IdentityLog.ToArray());
        Assert.Equal(agent.KeyBundle.ToArray(), held.KeyBundle.ToArray());
        Assert.Equal(agent.Secrets.ToArray(), (await Store.FindAgentAsync(Agent, Cancel))!.Secrets.ToArray());
        Assert.Null(await Store.FindAgentAsync(StoreData.Agent(), Cancel));
    }

    [Fact]
    public async Task A_pin_never_goes_back_never_changes_its_head_and_keeps_the_evidence_of_a_fork()
    {
        var pin = new PinnedPeer { Agent = Agent, Sequence = 3, Head = Hash(), IdentityLog = Bytes(300), KeyBundle = Bytes(224) };
        Assert.True(await Store.PutPeerAsync(pin, Cancel));
        Assert.False(await Store.PutPeerAsync(pin with { Sequence = 2 }, Cancel));
        Assert.False(await Store.PutPeerAsync(pin with { Head = Hash() }, Cancel));
        byte[] evidence = Bytes(10);
        Assert.True(await Store.PutPeerAsync(pin with { ForkEvidence = evidence }, Cancel));
        Assert.True(await Store.PutPeerAsync(pin with { Sequence = 4, Head = Hash() }, Cancel));
        await ReopenAsync();
        var held = Assert.Single(await Store.ListPeersAsync(Cancel));
        Assert.Equal(4, held.Sequence);
        Assert.Equal(evidence, held.ForkEvidence.ToArray());
        Assert.Equal(pin.IdentityLog.ToArray(), (await Store.FindPeerAsync(Agent, Cancel))!.IdentityLog.ToArray());
        Assert.Null(await Store.FindPeerAsync(StoreData.Agent(), Cancel));
    }

    [Fact]
    public async Task Threads_are_listed_by_outcome_the_last_started_first_in_pages()
    {
        var threads = Enumerable.Range(0, 6).Select(_ => StoreData.Thread()).ToList();
        for (int i = 0; i < threads.Count; i++)
        {
            var outcome = i % 2 == 0 ? ThreadOutcome.Running : ThreadOutcome.Completed;
            Assert.True((await Store.CommitAsync(Commit(Agent, threads[i], 0, new AgentOp.CreateThread(Start.AddSeconds(i / 2), $"run {i}"), new AgentOp.SetOutcome(outcome)), Cancel)).IsCommitted);
        }

        Assert.True((await Store.CommitAsync(Commit(StoreData.Agent(), threads[0], 0, new AgentOp.CreateThread(Start)), Cancel)).IsCommitted);
        var first = await Store.ListThreadsAsync(new() { Agent = Agent, MaxCount = 4 }, Cancel);
        var second = await Store.ListThreadsAsync(new() { Agent = Agent, MaxCount = 4, After = first[^1] }, Cancel);
        Assert.Equal(Enumerable.Reverse(threads), first.Concat(second).Select(t => t.Thread));
        Assert.Equal("run 5", first[0].Title);
        Assert.True(first[0].MemberState.Length == 0);
        Assert.Equal([threads[4], threads[2], threads[0]], (await Store.ListThreadsAsync(new() { Agent = Agent, Outcome = ThreadOutcome.Running }, Cancel)).Select(t => t.Thread));
        Assert.Equal(7, (await Store.ListThreadsAsync(new(), Cancel)).Count);
        var counts = await Store.CountThreadsAsync(null, Cancel);
        Assert.Equal((4, 3), (counts[ThreadOutcome.Running], counts[ThreadOutcome.Completed]));
        Assert.Equal(3, (await Store.CountThreadsAsync(Agent, Cancel))[ThreadOutcome.Running]);
    }

    [Fact]
    public async Task Two_agents_in_one_thread_have_two_rows()
    {
        var other = StoreData.Agent();
        await CreateAsync(new AgentOp.PutState("s", 1, Bytes(), 0));
        Assert.True((await Store.CommitAsync(Commit(other, Thread, 0, new AgentOp.CreateThread(Start)), Cancel)).IsCommitted);
        Assert.Null(await Store.FindStateAsync(other, Thread, "s", Cancel));
        Assert.True(await Store.DestroyThreadAsync(Agent, Thread, Cancel));
        Assert.False((await Store.LoadThreadAsync(other, Thread, Cancel))!.IsDestroyed);
    }

    [Fact]
    public async Task History_is_read_in_pages_and_its_hashes_without_records()
    {
        var rows = Enumerable.Range(1, 7).Select(i => new AgentOp.AddHistory(i, Hash(), Hash(), HistoryStatus.Opened, i == 3 ? null : Record())).ToList();
        await CreateAsync([.. rows]);
        Assert.Equal([3L, 4, 5], (await Store.ReadHistoryAsync(Agent, Thread, 2, 3, Cancel)).Select(r => r.Position));
        Assert.Null((await Store.ReadHistoryAsync(Agent, Thread, 2, 1, Cancel))[0].Record);
        var hashes = await Store.ReadHashesAsync(Agent, Thread, 6, 10, Cancel);
        Assert.Equal(rows.Skip(5).Select(r => new PositionHashes(r.Position, r.Envelope, r.ThreadHash)), hashes);
        Assert.Equal(4, (await Store.FindHistoryAsync(Agent, Thread, rows[3].Envelope, Cancel))!.Position);
        Assert.Null(await Store.FindHistoryAsync(Agent, Thread, Hash(), Cancel));

        Assert.True((await CommitAsync(1, new AgentOp.SetHistoryStatus(4, HistoryStatus.Parked))).IsCommitted);
        Assert.Equal(HistoryStatus.Parked, (await Store.FindHistoryAsync(Agent, Thread, rows[3].Envelope, Cancel))!.Status);
        Assert.Equal(AgentCommitStatus.NotFound, (await CommitAsync(2, new AgentOp.SetHistoryStatus(9, HistoryStatus.Parked))).Status);
    }

    [Fact]
    public async Task What_a_commit_does_not_name_stays_as_it_is()
    {
        byte[] member = Bytes(20_000);
        await CreateAsync(new AgentOp.SaveMember(member, 5), new AgentOp.SetBlocked(Start), new AgentOp.SetOutcome(ThreadOutcome.Failed, "why"));
        Clock.Now += TimeSpan.FromSeconds(3);
        Assert.True((await CommitAsync(1, new AgentOp.SetDispatched(new(5, 1)))).IsCommitted);
        var row = await LoadAsync();
        Assert.Equal((5L, ThreadOutcome.Failed, "why", "Deploy shop"), (row.Received, row.Outcome, row.Reason, row.Title));
        Assert.Equal((Start, Clock.Now), (row.BlockedUntil, row.UpdatedAt));
        Assert.Equal(member, row.MemberState);
        Assert.True((await CommitAsync(2, new AgentOp.SetBlocked(null), new AgentOp.SetOutcome(ThreadOutcome.Running), new AgentOp.SetTitle(null))).IsCommitted);
        row = await LoadAsync();
        Assert.Equal((null, ThreadOutcome.Running, null, null), ((DateTimeOffset?, ThreadOutcome, string?, string?))(row.BlockedUntil, row.Outcome, row.Reason, row.Title));
    }

    [Fact]
    public async Task Audit_lines_are_read_in_the_order_of_writing()
    {
        await CreateAsync();
        for (int i = 0; i < 5; i++)
            Assert.True((await CommitAsync(null, new AgentOp.AddAudit(i, Bytes()))).IsCommitted);
        var first = await Store.ReadAuditAsync(Agent, Thread, 0, 3, Cancel);
        var rest = await Store.ReadAuditAsync(Agent, Thread, first[^1].Number, 10, Cancel);
        Assert.Equal(Enumerable.Range(0, 5), first.Concat(rest).Select(l => l.Kind));
    }
}
