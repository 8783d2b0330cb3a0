using AgentFlow.Host.Diagnostics;
using AgentFlow.Protocol.Hub;
using AgentFlow.Storage;
using AgentFlow.Wire.Statuses;
using Microsoft.Extensions.Logging;

namespace AgentFlow.Host.Calls;

/// <summary>Turns what a method threw into a status: a code and a safe sentence cross the wire, the rest stays in the log.</summary>
internal sealed class CallFaults(ILoggerFactory loggers)
{
    private readonly ILogger _logger = loggers.CreateLogger("AgentFlow.Host");

    public GrpcStatus StatusOf(Exception exception, string method, bool isAborted)
    {
        if (isAborted)
            return new GrpcStatus(GrpcStatusCode.Cancelled);
        switch (exception)
        {
            case OperationCanceledException:
                return new GrpcStatus(GrpcStatusCode.Unavailable, "The hub is stopping.", HubStatus.Unavailable);
            case ArgumentException argument:
                return GrpcStatus.InvalidArgument($"The value of '{argument.ParamName}' is not one that the hub takes.");
            case HubException { Status: HubStatus.Denied } refused:
                return GrpcStatus.Refused(refused.Status);
            case AgentFlowException or StorageException or IOException or TimeoutException or ObjectDisposedException:
                Log.CallUnanswered(_logger, method, exception.GetType().Name);
                return GrpcStatus.Refused(HubStatus.Unavailable);
            default:
                Log.CallFailed(_logger, exception, method);
                return new GrpcStatus(GrpcStatusCode.Internal, "The hub failed; its log says why.");
        }
    }
}
