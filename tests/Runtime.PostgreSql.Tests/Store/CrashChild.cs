using AgentFlow.PostgreSql;
using AgentFlow.Runtime.Tests.Store;
using AgentFlow.Store.Sealing;

namespace AgentFlow.PostgreSql.Tests.Store;

/// <summary>What the crash tests run in a process of its own, with a fail-point armed. Explicit: it does nothing unless it is asked for.</summary>
public sealed class CrashChild
{
    [Fact(Explicit = true)]
    public async Task Work_until_the_fail_point_kills()
    {
        var cancel = TestContext.Current.CancellationToken;
        string[] lines = await File.ReadAllLinesAsync(PlaceOf(CrashProcess.Folder), cancel);
        await using var store = await PostgreSqlAgentStore.OpenAsync(
            AgentDatabase.Options(lines[0], lines[1]), (_, _) => ValueTask.FromResult(DeviceStorageKey.Copy(new byte[32])), TimeProvider.System, cancel);
        await CrashWork.RunAsync(store, CrashProcess.Folder, cancel);
    }

    /// <summary>The file that says which database and which schema.</summary>
    public static string PlaceOf(string folder) => Path.Combine(folder, "database");
}
