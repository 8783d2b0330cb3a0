using System.Net.Sockets;
using AgentFlow.Protocol.Hub;
using AgentFlow.Wire.Statuses;

namespace AgentFlow.Client.Transport;

/// <summary>What the end of a call means to a user of the hub.</summary>
internal static class Outcomes
{
    /// <summary>What happened on the way to the hub or back.</summary>
    public static GrpcStatus Lost { get; } = new(GrpcStatusCode.Unavailable, "The hub cannot be reached.");

    /// <summary>Whether an exception says that the way to the hub failed. A connection that is reset while it is made comes as the socket's own exception.</summary>
    public static bool IsLost(Exception exception) => exception is HttpRequestException or IOException or SocketException or ObjectDisposedException;

    /// <summary>Whether the same call may succeed later.</summary>
    public static bool IsTransient(GrpcStatus status) => status.Code switch
    {
        GrpcStatusCode.Unavailable or GrpcStatusCode.DeadlineExceeded => true,
        _ when status.RetryAfter is not null => true,
        GrpcStatusCode.Cancelled or GrpcStatusCode.Unknown or GrpcStatusCode.Internal or GrpcStatusCode.ResourceExhausted => status.Refusal == HubStatus.Ok,
        _ => false,
    };

    /// <summary>The hub's answer. A server that refuses the call for reasons of its own is an exception, because no answer of a hub says it.</summary>
    public static HubStatus Of(GrpcStatus status, Uri address)
    {
        // Not a result: the caller has its identity and rights at the hub to mend, and may then repeat the call.
        if (status.Code == GrpcStatusCode.Unauthenticated)
            throw Refused(status, address);
        if (status.IsOk || status.Refusal != HubStatus.Ok)
            return status.Refusal;
        return IsTransient(status) ? HubStatus.Unavailable : throw Refused(status, address);
    }

    public static HubException Refused(GrpcStatus status, Uri address)
    {
        var answer = status.Refusal != HubStatus.Ok ? status.Refusal : IsTransient(status) ? HubStatus.Unavailable : HubStatus.Invalid;
        return new HubException(answer, $"The hub at {address} answered {status.Code}: {status.Message}");
    }
}
