using AgentFlow.Wire.Statuses;

namespace AgentFlow.Host.Calls;

/// <summary>A method: what runs for a call.</summary>
internal sealed record GrpcMethod(string Service, string Name, Func<ServerCall, ValueTask<GrpcStatus>> Run)
{
    /// <summary>Whether a call may last: it ends with the host instead of holding it up, and with its caller's token.</summary>
    public bool IsLong { get; init; }

    /// <summary>Whether it answers callers that have not logged in.</summary>
    public bool IsOpen { get; init; }

    public string Path => $"/{Service}/{Name}";
}
