using AgentFlow.Wire.Statuses;
using Microsoft.Extensions.Logging;

namespace AgentFlow.Client.Diagnostics;

/// <summary>The log messages of the client (7000). Ids, names and counts only.</summary>
internal static partial class Log
{
    [LoggerMessage(EventId = 7000, Level = LogLevel.Debug, Message = "The hub did not answer {Method}: {Error}.")]
    public static partial void CallLost(ILogger logger, string method, string error);

    [LoggerMessage(EventId = 7001, Level = LogLevel.Warning, Message = "The hub ended {Method} with {Code}; the next try is in {Pause}.")]
    public static partial void CallRepeated(ILogger logger, string method, GrpcStatusCode code, TimeSpan pause);

    [LoggerMessage(EventId = 7002, Level = LogLevel.Warning, Message = "The subscription of {Agent} ended with {Code}; it goes on in {Pause}.")]
    public static partial void SubscriptionLost(ILogger logger, AgentId agent, GrpcStatusCode code, TimeSpan pause);

    [LoggerMessage(EventId = 7003, Level = LogLevel.Warning, Message = "A stream of appends ended with {Code}; the outcome of {Count} is unknown.")]
    public static partial void AppendsLost(ILogger logger, GrpcStatusCode code, int count);
}
