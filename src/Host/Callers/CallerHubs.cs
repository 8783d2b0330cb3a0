using AgentFlow.Host.Hosting;
using AgentFlow.Protocol.Hub;

namespace AgentFlow.Host.Callers;

/// <summary>Gives each caller the hub that it may use.</summary>
internal sealed class CallerHubs(HubSource source)
{
    /// <summary>The hub of a caller; the whole hub where nobody was asked who calls.</summary>
    public IHub Of(Caller? caller) => caller is null ? source.Hub : new CallerHub(source.Hub, source.Authority, caller.Agent);
}
