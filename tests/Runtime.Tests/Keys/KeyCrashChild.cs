using AgentFlow.Keys;
using AgentFlow.Runtime.Tests.Store;
using AgentFlow.Storage;
using AgentFlow.Store.Sqlite;

namespace AgentFlow.Runtime.Tests.Keys;

/// <summary>What the crash tests of keys run in a process of its own. Explicit: it does nothing unless it is asked for.</summary>
public sealed class KeyCrashChild
{
    /// <summary>Makes the machine key, the device key and an identity from nothing, and writes down the identity when it is told of it.</summary>
    [Fact(Explicit = true)]
    public async Task Make_all_keys_until_the_fail_point_kills()
    {
        var cancel = TestContext.Current.CancellationToken;
        await using var store = await OpenAsync(CrashProcess.Folder, cancel);
        using var agent = await new AgentKeyRing(store, TimeProvider.System).LoadOrCreateAsync("qa", isPerson: true, cancel);
        await File.WriteAllTextAsync(AnswerOf(CrashProcess.Folder), agent.Agent.ToString(), cancel);
    }

    public static string AnswerOf(string folder) => Path.Combine(folder, "answer");

    internal static async ValueTask<SqliteAgentStore> OpenAsync(string folder, CancellationToken cancel)
    {
        var options = new KeyOptions { Source = KeySource.MachineKey, MachineKeyPath = Path.Combine(folder, "machine", "machine.key") };
        using var key = await DeviceKeys.OpenAsync(Path.Combine(folder, "store"), options, cancel);
        return await SqliteAgentStore.OpenAsync(Path.Combine(folder, "store", "agents.db"), key, new SqliteOptions(), cancel);
    }
}
