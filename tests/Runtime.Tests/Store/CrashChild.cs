using AgentFlow.Storage;
using AgentFlow.Store.Sealing;
using AgentFlow.Store.Sqlite;

namespace AgentFlow.Runtime.Tests.Store;

/// <summary>What the crash tests run in a process of its own, with a fail-point armed. Explicit: it does nothing unless it is asked for.</summary>
public sealed class CrashChild
{
    [Fact(Explicit = true)]
    public async Task Work_until_the_fail_point_kills()
    {
        var cancel = TestContext.Current.CancellationToken;
        await using var store = await OpenAsync(CrashProcess.Folder, cancel);
        await CrashWork.RunAsync(store, CrashProcess.Folder, cancel);
    }

    internal static async ValueTask<SqliteAgentStore> OpenAsync(string folder, CancellationToken cancel)
    {
        using var key = DeviceStorageKey.Copy(new byte[32]);
        return await SqliteAgentStore.OpenAsync(Path.Combine(folder, "agents.db"), key, new SqliteOptions(), cancel);
    }
}
