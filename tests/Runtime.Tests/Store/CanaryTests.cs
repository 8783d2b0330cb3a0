using AgentFlow.Storage;
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
    private readonly StoreCanaries _canaries = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private string Database => Path.Combine(_folder, "agents.db");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task No_content_of_any_field_is_found_in_the_files()
    {
        using var key = DeviceStorageKey.Generate();
        await using (var store = await SqliteAgentStore.OpenAsync(Database, key, s_keepLog, Cancel))
        {
            await _canaries.FillAsync(store, Cancel);
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

    private void AssertNothingFound() => Assert.Empty(_canaries.All.SelectMany(canary => FileScan.Find(_folder, canary)));
}
