using AgentFlow.Protocol.Hub;

namespace AgentFlow;

/// <summary>The hub refused what must not fail, or did not answer in time.</summary>
public sealed class HubException : AgentFlowException
{
    /// <summary>Makes an exception of what the hub answered.</summary>
    /// <param name="status">The answer.</param>
    /// <param name="message">What was asked, and what to do.</param>
    public HubException(HubStatus status, string message)
        : base($"hub.{status.ToString().ToLowerInvariant()}", message) => Status = status;

    /// <summary>What the hub answered.</summary>
    public HubStatus Status { get; }

    /// <summary>Whether the same call may succeed later.</summary>
    public bool IsTransient => Status is HubStatus.Busy or HubStatus.Unavailable;
}
