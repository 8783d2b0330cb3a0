namespace AgentFlow.Storage.Tests;

/// <summary>A store with one table of numbers and texts.</summary>
internal static class StoreFixture
{
    public static IReadOnlyList<Migration> Migrations { get; } =
        [new("numbers", "CREATE TABLE item(n INTEGER PRIMARY KEY, t TEXT NOT NULL, b BLOB);")];

    public static SqliteStore Open(TestDirectory directory, SqliteOptions? options = null) =>
        SqliteStore.Open(directory.Database, options ?? new SqliteOptions(), Migrations);

    public static void Insert(this WriteSession session, long n, string text = "x", byte[]? bytes = null) =>
        session.Prepare("INSERT INTO item(n,t,b) VALUES(?1,?2,?3)").Bind(1, n).Bind(2, text).Bind(3, bytes).Run();

    public static ValueTask<long> CountAsync(this SqliteStore store) => store.ReadAsync(Count, TestContext.Current.CancellationToken);

    public static long Count(ReadSession session)
    {
        var statement = session.Prepare("SELECT count(*) FROM item");
        statement.Step();
        return statement.GetInt64(0);
    }

    /// <summary>Occupies the writer until the returned gate is set.</summary>
    public static async Task<(ManualResetEventSlim Gate, Task Blocked)> BlockWriterAsync(this SqliteStore store)
    {
        var gate = new ManualResetEventSlim();
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var blocked = store.WriteAsync(
            _ =>
            {
                started.SetResult();
                gate.Wait();
                return 0;
            },
            CancellationToken.None).AsTask();
        await started.Task;
        return (gate, blocked);
    }
}
