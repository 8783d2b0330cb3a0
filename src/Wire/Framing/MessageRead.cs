using AgentFlow.Wire.Statuses;

namespace AgentFlow.Wire.Framing;

/// <summary>What a read gave: a message, the end of the stream, or the reason why what came is neither.</summary>
internal readonly record struct MessageRead<T>(T? Message, GrpcStatus Status)
    where T : class
{
    public bool IsEnd => Message is null && Status.IsOk;

    public static MessageRead<T> End { get; } = new(null, GrpcStatus.Ok);

    public static MessageRead<T> Failed(GrpcStatus status) => new(null, status);
}
