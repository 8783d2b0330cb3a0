using System.Globalization;
using AgentFlow.Protocol.Hub;

namespace AgentFlow.Wire.Statuses;

/// <summary>How a call ended: the code, a sentence that may cross the wire, and the hub's own answer where there is one.</summary>
internal sealed record GrpcStatus(GrpcStatusCode Code, string Message = "", HubStatus Refusal = HubStatus.Ok)
{
    public static GrpcStatus Ok { get; } = new(GrpcStatusCode.Ok);

    /// <summary>After what time the call may come again, or null where nothing says so.</summary>
    public TimeSpan? RetryAfter { get; init; }

    public bool IsOk => Code == GrpcStatusCode.Ok;

    /// <summary>What the hub refused, as a status with details.</summary>
    public static GrpcStatus Refused(HubStatus refusal) => new(RefusalCodes.CodeOf(refusal), RefusalCodes.SentenceOf(refusal), refusal);

    /// <summary>A caller that called too often.</summary>
    public static GrpcStatus Limited(TimeSpan retryAfter) => new(
        GrpcStatusCode.ResourceExhausted,
        string.Create(CultureInfo.InvariantCulture, $"Too many calls: try again after {Math.Ceiling(retryAfter.TotalMilliseconds)} ms."),
        HubStatus.Busy) { RetryAfter = retryAfter };

    /// <summary>A caller that must log in first, and why.</summary>
    public static GrpcStatus Unauthenticated(string message) => new(GrpcStatusCode.Unauthenticated, message, HubStatus.Unauthenticated);

    /// <summary>A request whose content is not what the method takes.</summary>
    public static GrpcStatus InvalidArgument(string message) => new(GrpcStatusCode.InvalidArgument, message, HubStatus.Invalid);
}
