using System.Security.Cryptography;
using AgentFlow.Storage;
using AgentFlow.Store;
using AgentFlow.Store.Sealing;
using AgentFlow.Store.Sqlite;
using static AgentFlow.Runtime.Tests.Store.StoreData;

namespace AgentFlow.Runtime.Tests.Store;

/// <summary>Plaintext never lies on the disk: random bytes go into every content field and are looked for in every form, in the database and its write-ahead log.</summary>
public sealed class CanaryTests : IDisposable
{
    // The write-ahead log is searched too, so it must not be emptied meanwhile.
    private static readonly SqliteOptions s_keepLog = new() { IdleCheckpointDelay = TimeSpan.FromHours(1) };

    private readonly string _folder = Path.Combine(Path.GetTempPath(), "agentflow-canary-" + Guid.NewGuid().ToString("N"));
    private readonly List<byte[]> _canaries = [];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private string Database => Path.Combine(_folder, "agents.db");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task No_content_of_any_field_is_found_in_the_files()
    {
        using var key = DeviceStorageKey.Generate();
        await using (var store = await SqliteAgentStore.OpenAsync(Database, key, s_keepLog, Cancel))
        {
            await FillAsync(store);
            Assert.NotEqual(0, new FileInfo(Database + "-wal").Length);
            AssertNothingFound();
        }

        AssertNothingFound();
        Assert.Empty(FileScan.Find(_folder, key.Span.ToArray()));
    }

    [Fact]
    public async Task The_search_finds_a_planted_control()
    {
        byte[] canary = Bytes(32);
        using var key = DeviceStorageKey.Generate();
        await using var store = SqliteStore.Open(Database, s_keepLog, AgentSchema.Migrations);
        foreach (string text in (string[])[Convert.ToHexString(canary), Convert.ToBase64String(canary)])
        {
            await store.WriteAsync(session => session.Prepare("INSERT INTO meta(k, v) VALUES(?1, ?2)").Bind(1, text).Bind(2, canary).Run(), Cancel);
            await File.WriteAllTextAsync(Path.Combine(_folder, text.Length + ".txt"), text, System.Text.Encoding.Unicode, Cancel);
        }

        var hits = FileScan.Find(_folder, canary);
        Assert.All(["agents.db-wal: raw", "agents.db-wal: hex", "agents.db-wal: base64", "64.txt: hex in UTF-16", "44.txt: base64 in UTF-16"], hit => Assert.Contains(hit, hits));
    }

    private async Task FillAsync(SqliteAgentStore store)
    {
        var (agent, thread, own, request) = (Agent(), StoreData.Thread(), Hash(), Hash());
        Assert.True(await store.PutAgentAsync(new AgentRecord { Agent = agent, Name = Text(), Version = 0, IdentityLog = Canary(), KeyBundle = Canary(), Secrets = Canary() }, Cancel));
        Assert.True(await store.PutPeerAsync(
            new PinnedPeer { Agent = Agent(), Sequence = 1, Head = Hash(), IdentityLog = Canary(), KeyBundle = Canary(), ForkEvidence = Canary() }, Cancel));
        await CommitAsync(store, agent, thread, 0, new AgentOp.CreateThread(Start, Text(), new ThreadId(Canary())));
        await CommitAsync(
            store, agent, thread, 1,
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
            store, agent, thread, 2,
            new AgentOp.AddHistory(2, own, Hash(), HistoryStatus.Own, null),
            new AgentOp.PutApproval(request, ApprovalState.Pending, ApprovalState.Decided, Canary()));
        Assert.NotNull((await store.ReadHistoryAsync(agent, thread, 1, 1, Cancel))[0].Record);
    }

    private static async Task CommitAsync(SqliteAgentStore store, AgentId agent, ThreadId thread, long version, params AgentOp[] operations) =>
        Assert.True((await store.CommitAsync(Commit(agent, thread, version, operations), Cancel)).IsCommitted);

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
        _canaries.Add(canary);
        return canary;
    }

    private string Text() => Convert.ToHexStringLower(Canary());

    private void AssertNothingFound()
    {
        Assert.True(_canaries.Count > 40);
        Assert.Empty(_canaries.SelectMany(canary => FileScan.Find(_folder, canary)));
    }
}
