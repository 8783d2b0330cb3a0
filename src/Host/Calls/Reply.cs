using AgentFlow.Protocol.Hub;
using AgentFlow.Wire.Statuses;
using Google.Protobuf;

namespace AgentFlow.Host.Calls;

/// <summary>What a unary method answers: a message, or a status that is not OK.</summary>
internal readonly record struct Reply(IMessage? Message, GrpcStatus Status)
{
    public static Reply Of(IMessage message) => new(message, GrpcStatus.Ok);

    public static Reply Refused(HubStatus refusal) => new(null, GrpcStatus.Refused(refusal));

    public static Reply Invalid(string sentence) => new(null, GrpcStatus.InvalidArgument(sentence));

    /// <summary>The message where the hub said Ok, else the refusal.</summary>
    public static Reply When(HubStatus status, IMessage message) => status == HubStatus.Ok ? Of(message) : Refused(status);
}
