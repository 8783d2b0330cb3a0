using AgentFlow.Wire.Statuses;

namespace AgentFlow.Host.Calls;

/// <summary>A method: what runs for a call, and whether a call ends with the host instead of holding it up.</summary>
internal sealed record GrpcMethod(string Service, string Name, Func<ServerCall, ValueTask<GrpcStatus>> Run, bool EndsWithHost = false)
{
    public string Path => $"/{Service}/{Name}";
}
