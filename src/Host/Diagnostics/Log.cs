using Microsoft.Extensions.Logging;

namespace AgentFlow.Host.Diagnostics;

/// <summary>The log messages of the host (6000). Ids, names and counts only.</summary>
internal static partial class Log
{
    [LoggerMessage(EventId = 6000, Level = LogLevel.Error, Message = "The call {Method} failed.")]
    public static partial void CallFailed(ILogger logger, Exception exception, string method);

    [LoggerMessage(EventId = 6001, Level = LogLevel.Warning, Message = "The hub did not answer the call {Method}: {Error}. Its outcome is unknown.")]
    public static partial void CallUnanswered(ILogger logger, string method, string error);
}
