namespace AgentFlow.Storage.Tests;

public sealed class OpeningTests : IDisposable
{
    private readonly TestDirectory _directory = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task The_settings_that_durability_needs_are_in_force()
    {
        await using var store = StoreFixture.Open(_directory);
        var writer = await store.WriteAsync(
            s => (Pragma(s, "journal_mode"), Pragma(s, "synchronous"), Pragma(s, "page_size"), Pragma(s, "foreign_keys"), Pragma(s, "wal_autocheckpoint")), Token);

        Assert.Equal(("wal", "2", "8192", "1", "0"), writer);
    }

    [Fact]
    public async Task All_files_of_a_database_are_private_to_their_owner()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no file modes.");
        await using var store = StoreFixture.Open(_directory);
        await store.WriteAsync(s => { s.Insert(1); return 0; }, Token);
        foreach (string file in Directory.GetFiles(Path.GetDirectoryName(store.Path)!))
            Assert.True(OperatingSystem.IsWindows() || File.GetUnixFileMode(file) == (UnixFileMode.UserRead | UnixFileMode.UserWrite), file);
    }

    [Fact]
    public async Task A_second_opener_is_refused_with_a_clear_message_until_the_first_one_closes()
    {
        var store = StoreFixture.Open(_directory);
        var refused = Assert.Throws<StorageException>(() => StoreFixture.Open(_directory));
        await store.DisposeAsync();
        await using var next = StoreFixture.Open(_directory);

        Assert.Equal(StorageErrorKind.Locked, refused.Kind);
        Assert.Contains("Another process", refused.Message, StringComparison.Ordinal);
        Assert.Equal(2, next.Epoch);
    }

    [Fact]
    public async Task A_process_that_opened_the_database_later_fences_the_earlier_one()
    {
        await using var store = StoreFixture.Open(_directory);
        await store.WriteAsync(s => { s.Prepare("UPDATE meta SET v=v+1 WHERE k='epoch'").Run(); return 0; }, Token);

        var error = await Assert.ThrowsAsync<StorageException>(() => store.WriteAsync(s => { s.Insert(1); return 0; }, Token).AsTask());

        Assert.Equal(StorageErrorKind.Fenced, error.Kind);
        Assert.Equal(0, await store.CountAsync());
    }

    [Fact]
    public void A_network_file_system_is_refused()
    {
        var error = Assert.Throws<StorageException>(() => StoreFiles.RefuseNetwork("mounted", DriveType.Network));

        Assert.Equal(StorageErrorKind.Incompatible, error.Kind);
        StoreFiles.RefuseNetwork("local", DriveType.Fixed);
    }

    [Fact]
    public async Task Steps_of_a_schema_run_once_and_later_ones_are_added()
    {
        var first = StoreFixture.Open(_directory);
        await first.WriteAsync(s => { s.Insert(1); return 0; }, Token);
        await first.DisposeAsync();
        await using var second = Open([.. StoreFixture.Migrations, new Migration("more", "ALTER TABLE item ADD COLUMN extra INTEGER NOT NULL DEFAULT 7;")]);

        Assert.Equal(7, await second.ReadAsync(s => Number(s, "SELECT extra FROM item"), Token));
    }

    [Fact]
    public async Task A_step_that_fails_leaves_no_trace_and_names_itself()
    {
        await StoreFixture.Open(_directory).DisposeAsync();
        var error = Assert.Throws<StorageException>(() => Open([.. StoreFixture.Migrations, new Migration("broken", "CREATE TABLE other(x); INSERT INTO nowhere VALUES(1);")]));
        await using var store = StoreFixture.Open(_directory);

        Assert.Contains("broken", error.Message, StringComparison.Ordinal);
        Assert.Equal(0, await store.ReadAsync(s => Number(s, "SELECT count(*) FROM sqlite_master WHERE name='other'"), Token));
    }

    [Fact]
    public async Task A_schema_of_a_newer_version_is_refused()
    {
        await Open([.. StoreFixture.Migrations, new Migration("more", "CREATE TABLE other(x);")]).DisposeAsync();

        var error = Assert.Throws<StorageException>(() => StoreFixture.Open(_directory));

        Assert.Equal(StorageErrorKind.Incompatible, error.Kind);
    }

    [Fact]
    public void A_file_that_is_no_database_is_refused_and_stays_as_it_was()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_directory.Database)!);
        byte[] bytes = [.. Enumerable.Range(0, 20_000).Select(i => (byte)i)];
        File.WriteAllBytes(_directory.Database, bytes);

        Assert.Equal(StorageErrorKind.Corrupt, Assert.Throws<StorageException>(() => StoreFixture.Open(_directory)).Kind);
        Assert.Equal(bytes, File.ReadAllBytes(_directory.Database));
    }

    [Fact]
    public async Task Closing_commits_what_waits_and_leaves_no_write_ahead_log()
    {
        var store = StoreFixture.Open(_directory);
        var (gate, blocked) = await store.BlockWriterAsync();
        var writes = Enumerable.Range(0, 50).Select(i => store.WriteAsync(s => { s.Insert(i); return 0; }, Token).AsTask()).ToList();
        var closing = store.DisposeAsync();
        var late = await Assert.ThrowsAsync<StorageException>(() => store.WriteAsync(s => { s.Insert(99); return 0; }, Token).AsTask());
        gate.Set();
        await blocked;
        await Task.WhenAll(writes);
        await closing;

        Assert.Equal(StorageErrorKind.Closed, late.Kind);
        Assert.False(File.Exists(_directory.Database + "-wal"));
        await Assert.ThrowsAsync<StorageException>(() => store.CountAsync().AsTask());
        await using var again = StoreFixture.Open(_directory);
        Assert.Equal(50, await again.CountAsync());
    }

    private SqliteStore Open(IReadOnlyList<Migration> migrations) => SqliteStore.Open(_directory.Database, new SqliteOptions(), migrations);

    private static string Pragma(ReadSession session, string name)
    {
        var statement = session.Prepare($"PRAGMA {name}");
        statement.Step();
        return statement.GetText(0);
    }

    private static long Number(ReadSession session, string sql)
    {
        var statement = session.Prepare(sql);
        statement.Step();
        return statement.GetInt64(0);
    }
}
