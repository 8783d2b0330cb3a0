using AgentFlow.Host.Diagnostics;
using AgentFlow.Protocol.Hub;
using AgentFlow.Storage;
using AgentFlow.Wire.Statuses;
using Microsoft.Extensions.Logging;

namespace AgentFlow.Host.Calls;

/// <summary>Turns what a method threw into a status: a code and a safe sentence cross the wire, the rest stays in the log.</summary>
internal sealed class CallFaults(ILogger logger)
{
    /// <summary>Whether the hub did not answer, so that the outcome of a write is unknown.</summary>
    public static bool IsUnanswered(Exception exception) =>
        exception is AgentFlowException or StorageException or IOException or TimeoutException or ObjectDisposedException;

    public GrpcStatus StatusOf(Exception exception, GrpcMethod method, bool isAborted)
    {
        if (isAborted)
            return new GrpcStatus(GrpcStatusCode.Cancelled);
        switch (exception)
        {
            case OperationCanceledException:
                return new GrpcStatus(GrpcStatusCode.Unavailable, "The hub is stopping.", HubStatus.Unavailable);
            case ArgumentException argument:
                return GrpcStatus.InvalidArgument($"The value of '{argument.ParamName}' is not one that the hub takes.");
            case var unanswered when IsUnanswered(unanswered):
                Log.CallUnanswered(logger, method.Path, exception.GetType().Name);
                return GrpcStatus.Refused(HubStatus.Unavailable);
            default:
                Log.CallFailed(logger, exception, method.Path);
                return new GrpcStatus(GrpcStatusCode.Internal, "The hub failed; its log says why.");
        }
    }
}
