using System.Security.Cryptography;
using AgentFlow.Store;
using static AgentFlow.Runtime.Tests.Store.StoreData;

namespace AgentFlow.Runtime.Tests.Store;

/// <summary>Random bytes for every content field of a store, remembered so that they can be looked for.</summary>
internal sealed class StoreCanaries
{
    private readonly List<byte[]> _all = [];

    public IReadOnlyList<byte[]> All => _all;

    /// <summary>Writes rows of all kinds with canaries in every field that is content.</summary>
    public async Task FillAsync(IAgentStore store, CancellationToken cancel)
    {
        var (agent, thread, own, request) = (Agent(), StoreData.Thread(), Hash(), Hash());
        Assert.True(await store.PutAgentAsync(new AgentRecord { Agent = agent, Name = Text(), Version = 0, IdentityLog = Canary(), KeyBundle = Canary(),
            Secrets = Canary() }, cancel));
        Assert.True(await store.PutPeerAsync(
            new PinnedPeer { Agent = Agent(), Sequence = 1, Head = Hash(), IdentityLog = Canary(), KeyBundle = Canary(), ForkEvidence = Canary() }, cancel));
        await CommitAsync(store, agent, thread, 0, cancel, new AgentOp.CreateThread(Start, Text(), new ThreadId(Canary())));
        await CommitAsync(
            store, agent, thread, 1, cancel,
            new AgentOp.SaveMember(Canary(), 1),
            new AgentOp.AddHistory(1, Hash(), Hash(), HistoryStatus.Opened, CanaryRecord()),
            new AgentOp.PutState(Text(), 1, Canary(), 0),
            new AgentOp.AddOutbox(Message(), own, Canary(), CanaryRecord()),
            new AgentOp.AddOutbox(Message(), Hash(), Canary(), CanaryRecord()),
            new AgentOp.PutJournal(Canary(), Canary()),
            new AgentOp.PutApproval(request, ApprovalState.None, ApprovalState.Pending, Canary()),
            new AgentOp.AddTimer(Start, 1, Canary(), Canary()),
            new AgentOp.AddDeadLetter(new(1, 0), Text(), Canary()),
            new AgentOp.AddAudit(1, Canary()),
            new AgentOp.SetOutcome(ThreadOutcome.Parked, Text()),
            new AgentOp.SetTitle(Text()));
        await CommitAsync(
            store, agent, thread, 2, cancel,
            new AgentOp.AddHistory(2, own, Hash(), HistoryStatus.Own, null),
            new AgentOp.PutApproval(request, ApprovalState.Pending, ApprovalState.Decided, Canary()));
        Assert.NotNull((await store.ReadHistoryAsync(agent, thread, 1, 1, cancel))[0].Record);
        Assert.True(_all.Count > 40);
    }

    private static async Task CommitAsync(IAgentStore store, AgentId agent, ThreadId thread, long version, CancellationToken cancel,
        params AgentOp[] operations) =>
        Assert.True((await store.CommitAsync(Commit(agent, thread, version, operations), cancel)).IsCommitted);

    private HistoryRecord CanaryRecord() => new()
    {
        MessageId = Message(),
        Sender = new AgentId(Canary()),
        Header = Canary(),
        Context = new Bytes32(Canary()),
        CommitmentKey = new Bytes32(Canary()),
        Trailer = Canary(),
        Plaintext = Canary(),
    };

    private byte[] Canary()
    {
        byte[] canary = RandomNumberGenerator.GetBytes(32);
        _all.Add(canary);
        return canary;
    }

    private string Text() => Convert.ToHexStringLower(Canary());
}
