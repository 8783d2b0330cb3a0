using AgentFlow.Keys;
using AgentFlow.Storage;
using AgentFlow.Store;
using AgentFlow.Store.Sqlite;

namespace AgentFlow.Hosting;

/// <summary>Opens the agents' store of an app's folder under its device key.</summary>
internal static class StoreOpening
{
    public static async ValueTask<IAgentStore> OpenAsync(string contentRoot, AgentFlowOptions options, TimeProvider clock, CancellationToken cancellationToken)
    {
        string folder = Path.GetFullPath(options.Directory, contentRoot);
        Directory.CreateDirectory(folder);
        using var key = await DeviceKeys.OpenAsync(folder, options.OwnKeys(), cancellationToken).ConfigureAwait(false);
        return await SqliteAgentStore.OpenAsync(
            Path.Combine(folder, "agents.db"), key, new SqliteOptions { TimeProvider = clock }, cancellationToken).ConfigureAwait(false);
    }
}
