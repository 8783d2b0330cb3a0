using AgentFlow.Protocol.Hub;
using AgentFlow.SourceGeneration;
using AgentFlow.Store;

namespace AgentFlow.Hosting;

/// <summary>What the host's set-up gathers before the runtime starts.</summary>
internal sealed class RuntimeSetup(string contentRoot, IReadOnlyList<ModuleDescriptor> modules)
{
    public string ContentRoot { get; } = contentRoot;

    public IReadOnlyList<ModuleDescriptor> Modules { get; } = modules;

    public bool OwnsHub { get; set; }

    public Func<IServiceProvider, CancellationToken, ValueTask<IHub>>? Hub { get; set; }

    /// <summary>Opens the store of another room instead of the SQLite one, or null.</summary>
    public Func<IServiceProvider, CancellationToken, ValueTask<IAgentStore>>? Store { get; set; }
}
