using AgentFlow.Hub.Checks;
using AgentFlow.Hub.PostgreSql.Checks;
using AgentFlow.Hub.PostgreSql.Copy;
using AgentFlow.Hub.Sqlite;
using AgentFlow.Hub.Stores;
using AgentFlow.HubServer.Settings;
using AgentFlow.Protocol.Hub;
using AgentFlow.Storage;

namespace AgentFlow.HubServer.Stores;

/// <summary>What the commands on a store do. Each prints what it found, and gives an exit code.</summary>
internal static class StoreWork
{
    public static async Task<int> CopyAsync(string directory, HubSettings settings, CancellationToken cancellationToken)
    {
        string file = StoreOpening.FileIn(Path.GetFullPath(directory));
        var copied = await StoreCopy.RunAsync(file, StoreOpening.OptionsOf(settings), cancellationToken);
        Console.Out.WriteLine(
            $"copied {copied.Threads} threads, {copied.Envelopes} envelopes, {copied.InboxRows} inbox rows, {copied.StateItems} state items, {copied.Blobs} blobs; "
            + $"store {copied.StoreId} is now on postgresql");
        return ExitCode.Done;
    }

    public static async Task<int> BackupAsync(HubSettings settings, string target, CancellationToken cancellationToken)
    {
        SqliteBackup.Write(StoreOpening.FileIn(settings.Directory), target);
        return await SummarizeAsync("backed up", SqliteCheck.RunAsync(target, cancellationToken));
    }

    public static async Task<int> RestoreAsync(string source, HubSettings settings, CancellationToken cancellationToken)
    {
        string file = StoreOpening.FileIn(settings.Directory);
        SqliteBackup.Restore(source, file);
        return await SummarizeAsync("restored", SqliteCheck.RunAsync(file, cancellationToken));
    }

    public static async Task<int> VerifyAsync(HubSettings settings, CancellationToken cancellationToken)
    {
        if (settings.Store == StoreKind.Memory)
            throw new StorageException(StorageErrorKind.Unavailable, "A store in memory ends with its process. Name one on sqlite or postgresql.");
        var threads = settings.Store == StoreKind.Postgresql
            ? PostgreSqlCheck.RunAsync(StoreOpening.OptionsOf(settings), cancellationToken)
            : SqliteCheck.RunAsync(StoreOpening.FileIn(settings.Directory), cancellationToken);
        return await SummarizeAsync("verified", threads, thread =>
            Console.Out.WriteLine($"{thread.Thread} head {thread.Head} hash {Convert.ToHexStringLower(thread.Hash.Span)} hidden {thread.Hidden}"));
    }

    public static async Task<int> TrimAsync(HubSettings settings, ThreadId thread, long below, CancellationToken cancellationToken)
    {
        await using var store = StoreOpening.Create(settings, TimeProvider.System);
        await store.OpenAsync(cancellationToken);
        var result = await store.CommitAsync(new StoreCommit(ShardKey.Of(thread), [new StoreOp.Trim(thread, below)]), cancellationToken);
        if (result.Status != HubStatus.Ok)
            throw new StorageException(StorageErrorKind.Unavailable, $"The trim was refused: {result.Status}. 'agentflow-hub store verify' lists the threads.");
        long removed = 0;
        SweepResult swept;
        do
        {
            swept = await store.SweepAsync(SweepBudget.Default, cancellationToken);
            removed += swept.Bodies;
        }
        while (swept.HasMore);
        Console.Out.WriteLine($"trimmed {thread}: bodies from position {result.Values[0]} on are kept, {removed} were removed");
        return ExitCode.Done;
    }

    private static async Task<int> SummarizeAsync(string what, IAsyncEnumerable<ThreadReport> threads, Action<ThreadReport>? print = null)
    {
        using var report = new StoreReport();
        await foreach (var thread in threads)
        {
            report.Add(thread);
            print?.Invoke(thread);
            if (thread.Fault is { } fault)
                Console.Error.WriteLine($"error: {thread.Thread}: {fault}. Restore the store from a back-up.");
        }

        Console.Out.WriteLine($"{what} {report.Threads} threads, {report.Envelopes} envelopes, digest {Convert.ToHexStringLower(report.Digest().Span)}");
        return report.Faults == 0 ? ExitCode.Done : ExitCode.Failed;
    }
}
