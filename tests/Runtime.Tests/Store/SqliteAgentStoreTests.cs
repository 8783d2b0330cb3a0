using AgentFlow.Storage;
using AgentFlow.Store;
using AgentFlow.Store.Sealing;
using AgentFlow.Store.Sqlite;
using static AgentFlow.Runtime.Tests.Store.StoreData;

namespace AgentFlow.Runtime.Tests.Store;

/// <summary>The contract on SQLite, and what only SQLite can get wrong.</summary>
public sealed class SqliteAgentStoreTests : AgentStoreContract
{
    private readonly string _folder = Path.Combine(Path.GetTempPath(), "agentflow-agents-" + Guid.NewGuid().ToString("N"));
    private readonly DeviceStorageKey _key = DeviceStorageKey.Generate();

    private string Database => Path.Combine(_folder, "agents.db");

    [Fact]
    public async Task A_second_process_is_refused()
    {
        var e = Assert.Throws<StorageException>(() => SqliteStore.Open(Database, new SqliteOptions(), AgentSchema.Migrations));
        Assert.Equal(StorageErrorKind.Locked, e.Kind);
        await Store.ListAgentsAsync(Cancel);
    }

    [Fact]
    public async Task A_store_under_another_key_is_refused_with_what_to_do()
    {
        await Store.DisposeAsync();
        using var other = DeviceStorageKey.Generate();
        var e = await Assert.ThrowsAsync<AgentStoreException>(async () => await SqliteAgentStore.OpenAsync(Database, other, Options(), Cancel));
        Assert.Contains("key", e.Message, StringComparison.Ordinal);
        Assert.Equal("store.wrong-key", e.Code);
        await ReopenAsync();
    }

    [Theory]
    [InlineData("UPDATE thread SET member = (SELECT body FROM state)")]
    [InlineData("UPDATE thread SET member = x'00'")]
    [InlineData("UPDATE vault SET body = zeroblob(60)")]
    public async Task A_row_that_was_changed_in_the_file_is_noticed(string sql)
    {
        await CreateAsync(new AgentOp.SaveMember(Bytes(), 1), new AgentOp.PutState("s", 1, Bytes(), 0));
        await Store.DisposeAsync();
        await using (var raw = SqliteStore.Open(Database, new SqliteOptions(), AgentSchema.Migrations))
            Assert.Equal(1, await raw.WriteAsync(session => session.Prepare(sql).Run(), Cancel));
        await ReopenAsync();
        var e = await Assert.ThrowsAsync<AgentStoreException>(async () => await Store.LoadThreadAsync(Agent, Thread, Cancel));
        Assert.Equal("store.damaged", e.Code);
    }

    [Fact]
    public async Task A_decision_that_was_undone_in_the_file_is_noticed()
    {
        var request = Hash();
        await CreateAsync(new AgentOp.PutApproval(request, ApprovalState.None, ApprovalState.Decided, Bytes()));
        await Store.DisposeAsync();
        await using (var raw = SqliteStore.Open(Database, new SqliteOptions(), AgentSchema.Migrations))
            Assert.Equal(1, await raw.WriteAsync(session => session.Prepare("UPDATE approval SET state = 1").Run(), Cancel));
        await ReopenAsync();
        await Assert.ThrowsAsync<AgentStoreException>(async () => await Store.FindApprovalAsync(Agent, Thread, request, Cancel));
    }

    [Fact]
    public async Task The_wrapped_key_of_a_destroyed_thread_is_gone_from_the_files()
    {
        await CreateAsync(new AgentOp.SaveMember(Bytes(), 1));
        for (int i = 0; i < 50; i++)
            Assert.True((await Store.CommitAsync(Commit(Agent, StoreData.Thread(), 0, new AgentOp.CreateThread(Start)), Cancel)).IsCommitted);
        await Store.DisposeAsync();
        byte[] wrapped;
        await using (var raw = SqliteStore.Open(Database, new SqliteOptions(), AgentSchema.Migrations))
            wrapped = await raw.ReadAsync(session => Step(session.Prepare("SELECT body FROM vault WHERE thread = 1")).GetBlob(0).ToArray(), Cancel);
        Assert.NotEmpty(FileScan.Find(_folder, wrapped));
        await ReopenAsync();
        Assert.True(await Store.DestroyThreadAsync(Agent, Thread, Cancel));
        await Store.DisposeAsync();
        Assert.Empty(FileScan.Find(_folder, wrapped));
        await ReopenAsync();
    }

    private protected override async ValueTask<IAgentStore> OpenAsync() => await SqliteAgentStore.OpenAsync(Database, _key, Options(), Cancel);

    protected override ValueTask DeleteAsync()
    {
        _key.Dispose();
        Directory.Delete(_folder, recursive: true);
        return ValueTask.CompletedTask;
    }

    private SqliteOptions Options() => new() { TimeProvider = Clock, CacheKiB = 2048 };

    private static Statement Step(Statement statement)
    {
        Assert.True(statement.Step());
        return statement;
    }
}
