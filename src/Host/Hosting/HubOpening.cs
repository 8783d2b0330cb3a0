using AgentFlow.Protocol.Hub;

namespace AgentFlow.Host.Hosting;

/// <summary>How the hub is opened, and whether the host closes it.</summary>
internal sealed record HubOpening(Func<IServiceProvider, CancellationToken, ValueTask<IHub>> Open, bool IsOwned);
