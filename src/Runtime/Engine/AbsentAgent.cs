using AgentFlow.Dispatch;
using AgentFlow.SourceGeneration;

namespace AgentFlow.Engine;

/// <summary>An agent of this app that another process hosts: its routes are known here, its keys are not.</summary>
/// <param name="Descriptor">What it handles and sends.</param>
/// <param name="Routes">Its routing table.</param>
internal sealed record AbsentAgent(AgentDescriptor Descriptor, AgentRoutes Routes)
{
    /// <summary>The name that the hub resolves.</summary>
    public string Name => Descriptor.Name;
}
