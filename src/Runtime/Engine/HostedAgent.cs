using AgentFlow.Dispatch;
using AgentFlow.Protocol.Hub;
using AgentFlow.Protocol.Identity;
using AgentFlow.SourceGeneration;
using AgentKeys = AgentFlow.Keys.LocalAgent;

namespace AgentFlow.Engine;

/// <summary>What a local agent is for.</summary>
internal enum HostedAgentKind
{
    /// <summary>It handles messages.</summary>
    Agent,

    /// <summary>It decides.</summary>
    Person,

    /// <summary>It starts threads for the app.</summary>
    App,
}

/// <summary>An agent that lives in this process.</summary>
internal sealed class HostedAgent(
    string name, HostedAgentKind kind, AgentKeys keys, IHub hub, AgentDescriptor? descriptor, AgentRoutes routes, IServiceProvider services) : IDisposable
{
    private readonly Lock _gate = new();
    private object? _instance;

    public string Name { get; } = name;

    public HostedAgentKind Kind { get; } = kind;

    public AgentKeys Keys { get; } = keys;

    public AgentId Id => Keys.Agent;

    /// <summary>The hub as this agent uses it.</summary>
    public IHub Hub { get; } = hub.ActAs(new HubCredential(keys.Agent, keys.Device));

    public AgentRoutes Routes { get; } = routes;

    public AgentDescriptor Descriptor => descriptor ?? throw new InvalidOperationException($"'{Name}' has no handlers.");

    /// <summary>The one instance, made when the first message comes.</summary>
    public object Instance
    {
        get
        {
            if (Volatile.Read(ref _instance) is { } made)
                return made;
            lock (_gate)
                return _instance ??= Descriptor.Create(services);
        }
    }

    public void Dispose()
    {
        Keys.Dispose();
        (_instance as IDisposable)?.Dispose();
    }
}
