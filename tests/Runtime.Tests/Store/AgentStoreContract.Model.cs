using AgentFlow.Store;
using static AgentFlow.Runtime.Tests.Store.StoreData;

namespace AgentFlow.Runtime.Tests.Store;

/// <content>Random commits, right and wrong ones, on a few threads: the store and a model of it agree on every answer and on every row, also after being opened again.</content>
public abstract partial class AgentStoreContract
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Random_work_leaves_the_store_as_the_model_says(int seed)
    {
        // The seed is in the test's name: a failure repeats.
        var random = new Random(seed);
        var ids = Enumerable.Range(1, 30).Select(i => MessageId.New(Start.AddMilliseconds(i))).ToArray();
        var threads = Enumerable.Range(0, 3).Select(_ => (Agent: StoreData.Agent(), Thread: StoreData.Thread())).ToArray();
        var models = threads.ToDictionary(thread => thread, _ => new StoreModel());
        for (int round = 0; round < 250; round++)
        {
            var thread = threads[random.Next(threads.Length)];
            var model = models[thread];
            var commit = RandomCommit(random, thread.Agent, thread.Thread, model, ids);
            var (after, status) = model.Apply(commit);
            var result = await Store.CommitAsync(commit, Cancel);
            Assert.Equal(status, result.Status);
            models[thread] = after ?? model;
            if (result.IsCommitted)
                Assert.Equal(models[thread].Version, result.Version);
            if (random.Next(40) == 0)
                await ReopenAsync();
            if (round % 10 == 0)
                await AssertAgreesAsync(thread, models[thread]);
        }

        foreach (var (thread, model) in models)
            await AssertAgreesAsync(thread, model);
    }

    private static AgentCommit RandomCommit(Random random, AgentId agent, ThreadId thread, StoreModel model, MessageId[] ids)
    {
        if (model.Version == 0 || random.Next(25) == 0)
            return Commit(agent, thread, 0, new AgentOp.CreateThread(Start), new AgentOp.AddAudit(1, Byte(random)));
        bool isBeside = random.Next(4) == 0;
        var operations = Enumerable.Range(0, random.Next(1, 6)).Select(_ => RandomOperation(random, model, ids)).Where(o => !isBeside || !o.NeedsVersion).ToArray();
        return Commit(agent, thread, isBeside ? null : random.Next(10) == 0 ? model.Version + 1 : model.Version, operations);
    }

    private static AgentOp RandomOperation(Random random, StoreModel model, MessageId[] ids)
    {
        var request = new Bytes32([(byte)random.Next(6), .. new byte[31]]);
        var approval = model.Approvals.GetValueOrDefault(StoreModel.ByteOf(request)).State;
        string name = "state " + random.Next(3);
        var frame = new FramePosition(random.Next(1, 20), random.Next(3));
        bool isWrong = random.Next(8) == 0;
        return random.Next(12) switch
        {
            0 => new AgentOp.SaveMember(Bytes(random.Next(1, 12_000)), random.Next(100)),
            1 => new AgentOp.MarkHandled(frame),
            2 => new AgentOp.PutState(name, 1, Byte(random), model.States.GetValueOrDefault(name).Version + (isWrong ? 1 : 0)),
            3 => new AgentOp.AddOutbox(ids[random.Next(ids.Length)], Hash(), Byte(random), Record()),
            4 => new AgentOp.CompleteOutbox(ids[random.Next(ids.Length)], 1),
            5 => new AgentOp.PutJournal(Byte(random), Byte(random)),
            6 when isWrong || approval == ApprovalState.None => new AgentOp.PutApproval(request, ApprovalState.None, ApprovalState.Pending, Byte(random)),
            6 when approval == ApprovalState.Pending => new AgentOp.PutApproval(request, approval, (ApprovalState)random.Next(1, 3), Byte(random)),
            6 => new AgentOp.PutApproval(request, ApprovalState.Decided, ApprovalState.Finished, Byte(random)),
            7 => new AgentOp.AddTimer(Start.AddSeconds(random.Next(100)), 1, Key(random), Byte(random)),
            8 => new AgentOp.RemoveTimer(1, Key(random)),
            9 => new AgentOp.AddDeadLetter(frame, "cause", Byte(random)),
            10 => new AgentOp.RemoveDeadLetter(frame),
            _ => new AgentOp.AddAudit(1, Byte(random)),
        };
    }

    private static byte[] Byte(Random random) => [(byte)random.Next(256), 7];

    private static byte[] Key(Random random) => [(byte)random.Next(8)];

    private async Task AssertAgreesAsync((AgentId Agent, ThreadId Thread) id, StoreModel model)
    {
        var row = await Store.LoadThreadAsync(id.Agent, id.Thread, Cancel);
        Assert.Equal((model.Version, model.Received), (row?.Version ?? 0, row?.Received ?? 0));
        for (int position = 1; position < 20; position++)
        {
            for (int frame = 0; frame < 3; frame++)
                Assert.Equal(model.Handled.Contains(new(position, frame)), await Store.IsHandledAsync(id.Agent, id.Thread, new(position, frame), Cancel));
        }

        foreach (var (name, state) in model.States)
        {
            var held = await Store.FindStateAsync(id.Agent, id.Thread, name, Cancel);
            Assert.Equal(state, (held!.Version, StoreModel.ByteOf(held.Bytes)));
        }

        foreach (var (key, result) in model.Journal)
            Assert.Equal(result, StoreModel.ByteOf((await Store.FindJournalAsync(id.Agent, id.Thread, new[] { key, (byte)7 }, Cancel))!.Value));
        Assert.Equal(model.Outbox, (await Store.ReadOutboxAsync(id.Agent, id.Thread, 100, Cancel)).Select(r => (r.MessageId, StoreModel.ByteOf(r.Bytes))));
        var approvals = await Store.ListApprovalsAsync(new(id.Agent, id.Thread), Cancel);
        Assert.Equal(model.Approvals.OrderBy(p => p.Key), approvals.ToDictionary(a => StoreModel.ByteOf(a.RequestEnvelope), a => (a.State, StoreModel.ByteOf(a.Bytes))).OrderBy(p => p.Key));
        var timers = (await Store.ListDueTimersAsync(Start.AddDays(1), 1000, Cancel)).Where(t => t.Thread == id.Thread);
        Assert.Equal(model.Timers.Select(t => (t.Key, t.Value)), timers.Select(t => ((t.Due.ToUnixTimeMilliseconds(), StoreModel.ByteOf(t.Key)), StoreModel.ByteOf(t.Payload))).Order());
        Assert.Equal(model.Dead, (await Store.ListDeadLettersAsync(id.Agent, id.Thread, 100, Cancel)).Select(d => KeyValuePair.Create(d.Frame, StoreModel.ByteOf(d.Bytes))));
        Assert.Equal(model.Audit, (await Store.ReadAuditAsync(id.Agent, id.Thread, 0, 1000, Cancel)).Select(a => StoreModel.ByteOf(a.Bytes)));
    }
}
