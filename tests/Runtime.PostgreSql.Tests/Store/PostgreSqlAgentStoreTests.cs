using System.Security.Cryptography;
using System.Text;
using AgentFlow.Runtime.Tests.Store;
using AgentFlow.Storage;
using AgentFlow.Store;
using static AgentFlow.Runtime.Tests.Store.StoreData;

namespace AgentFlow.PostgreSql.Tests.Store;

/// <summary>The contract on PostgreSQL, and what only PostgreSQL can get wrong.</summary>
public sealed class PostgreSqlAgentStoreTests : AgentStoreContract
{
    private readonly byte[] _key = RandomNumberGenerator.GetBytes(32);
    private AgentDatabase? _database;

    private AgentDatabase Database => _database!;

    [Fact]
    public async Task Processes_that_start_at_once_on_an_empty_database_make_one_store()
    {
        await using var fresh = await AgentDatabase.RentAsync();
        var stores = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => fresh.OpenAsync(_key)));
        foreach (var store in stores)
            await store.DisposeAsync();
        Assert.Equal(1L, await fresh.RunAsync("SELECT count(*) FROM schema_step"));
        Assert.Equal(1L, await fresh.RunAsync("SELECT count(*) FROM mark"));
    }

    [Fact]
    public async Task A_store_under_another_key_is_refused_with_what_to_do()
    {
        var e = await Assert.ThrowsAsync<AgentStoreException>(() => Database.OpenAsync(RandomNumberGenerator.GetBytes(32)));
        Assert.Equal("store.wrong-key", e.Code);
        Assert.Contains("key", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("UPDATE thread SET member = (SELECT body FROM state)")]
    [InlineData("UPDATE thread SET member = '\\x00'")]
    [InlineData("UPDATE vault SET body = decode(repeat('00', 60), 'hex')")]
    public async Task A_row_that_was_changed_in_the_database_is_noticed(string sql)
    {
        await CreateAsync(new AgentOp.SaveMember(Bytes(), 1), new AgentOp.PutState("s", 1, Bytes(), 0));
        await Database.RunAsync(sql);
        var e = await Assert.ThrowsAsync<AgentStoreException>(async () => await Store.LoadThreadAsync(Agent, Thread, Cancel));
        Assert.Equal("store.damaged", e.Code);
    }

    [Fact]
    public async Task A_decision_that_was_undone_in_the_database_is_noticed()
    {
        var request = Hash();
        await CreateAsync(new AgentOp.PutApproval(request, ApprovalState.None, ApprovalState.Decided, Bytes()));
        await Database.RunAsync("UPDATE approval SET state = 1");
        await Assert.ThrowsAsync<AgentStoreException>(async () => await Store.FindApprovalAsync(Agent, Thread, request, Cancel));
    }

    [Fact]
    public async Task No_content_of_any_field_lies_open_in_the_database()
    {
        var canaries = new StoreCanaries();
        await canaries.FillAsync(Store, Cancel);
        string all = "";
        foreach (string table in (string[])["agent", "peer", "thread", "vault", "history", "own", "state", "outbox", "journal", "approval", "timer", "dead",
            "audit"])
        {
            string rows = Assert.IsType<string>(await Database.RunAsync($"SELECT coalesce(string_agg(t::text, '|'), '') FROM {table} t"));
            Assert.True(rows.Length > 0 || table == "own", $"{table} is empty");
            all += rows;
        }

        Assert.Contains(Assert.IsType<string>(await Database.RunAsync("SELECT encode(thread, 'hex') FROM thread")), all, StringComparison.Ordinal);
        Assert.All(canaries.All, canary => Assert.DoesNotContain(Convert.ToHexStringLower(canary), all, StringComparison.Ordinal));
        Assert.All(canaries.All, canary => Assert.DoesNotContain(
            Convert.ToHexStringLower(Encoding.ASCII.GetBytes(Convert.ToHexStringLower(canary))), all, StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_rows_of_a_destroyed_thread_are_closed_to_a_process_that_had_its_key_in_memory()
    {
        await CreateAsync(new AgentOp.PutState("s", 1, Bytes(), 0));
        await using var other = await Database.OpenAsync(_key, Clock);
        Assert.NotNull(await other.FindStateAsync(Agent, Thread, "s", Cancel));
        Assert.True(await Store.DestroyThreadAsync(Agent, Thread, Cancel));
        Assert.Null(await other.FindStateAsync(Agent, Thread, "s", Cancel));
        Assert.Equal(AgentCommitStatus.Destroyed, (await other.CommitAsync(Commit(Agent, Thread, 1, new AgentOp.SaveMember(Bytes(), 1)), Cancel)).Status);
    }

    [Fact]
    public async Task Of_two_processes_that_write_one_version_one_wins_and_the_other_learns_what_stands()
    {
        await CreateAsync();
        await using var other = await Database.OpenAsync(_key, Clock);
        for (int version = 1; version <= 20; version++)
        {
            // Both seal the next envelope from the same chain state: what the loser sealed is never stored, and so never sent.
            var mine = Commit(Agent, Thread, version, new AgentOp.SaveMember(Bytes(), version), new AgentOp.AddOutbox(Message(), Hash(), Bytes(), Record()));
            var theirs = Commit(Agent, Thread, version, new AgentOp.SaveMember(Bytes(), version),
                new AgentOp.AddOutbox(Message(), Hash(), Bytes(), Record()));
            var results = await Task.WhenAll(Store.CommitAsync(mine, Cancel).AsTask(), other.CommitAsync(theirs, Cancel).AsTask());
            Assert.Single(results, result => result.IsCommitted);
            Assert.Single(results, result => result is { Status: AgentCommitStatus.VersionConflict } && result.Version == version + 1);
            Assert.Equal(version, (await Store.ReadOutboxAsync(Agent, Thread, 100, Cancel)).Count);
        }
    }

    [Fact]
    public async Task Many_threads_are_written_at_once_in_any_order_without_a_deadlock_that_anybody_sees()
    {
        var threads = Enumerable.Range(0, 6).Select(_ => StoreData.Thread()).ToArray();
        foreach (var thread in threads)
            Assert.True((await Store.CommitAsync(Commit(Agent, thread, 0, new AgentOp.CreateThread(Start)), Cancel)).IsCommitted);
        await Parallel.ForAsync(0, 60, Cancel, async (i, cancel) =>
        {
            var pair = new[] { threads[i % 6], threads[(i * 5 + 1) % 6] }.Distinct().Select(thread =>
                Commit(Agent, thread, null, new AgentOp.AddAudit(i, Bytes()))).ToArray();
            Assert.True((await Store.CommitAsync(pair, cancel)).IsCommitted);
        });
    }

    [Theory]
    [InlineData("nonsense", StorageErrorKind.Incompatible, "not one of PostgreSQL")]
    [InlineData("Host=127.0.0.1;Port=1;Username=x;Password=tellnobody;Database=x", StorageErrorKind.Unavailable, "Check that the server runs")]
    public async Task A_connection_string_that_leads_nowhere_is_told_so_and_not_repeated(string connectionString, StorageErrorKind kind, string message)
    {
        var options = AgentDatabase.Options(connectionString, "x");
        var e = await Assert.ThrowsAsync<StorageException>(async () => await PostgreSqlAgentStore.OpenAsync(
            options, (_, _) => throw new InvalidOperationException("Not reached."), TimeProvider.System, Cancel));
        Assert.Equal(kind, e.Kind);
        Assert.Contains(message, e.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("tellnobody", e.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Agents")]
    [InlineData("a; DROP SCHEMA public")]
    [InlineData("")]
    public void A_schema_name_that_would_be_sql_is_refused(string schema) =>
        Assert.Throws<StorageException>(() => AgentDatabase.Options("Host=x", schema).Check());

    private protected override async ValueTask<IAgentStore> OpenAsync()
    {
        _database ??= await AgentDatabase.RentAsync();
        return await _database.OpenAsync(_key, Clock);
    }

    protected override ValueTask DeleteAsync() => _database?.DisposeAsync() ?? ValueTask.CompletedTask;
}
