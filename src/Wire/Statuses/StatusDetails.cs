using AgentFlow.Protocol.Hub;
using AgentFlow.Wire.Messages.Rpc;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;

namespace AgentFlow.Wire.Statuses;

/// <summary>The value of grpc-status-details-bin: base64 of a google.rpc.Status whose one detail is a google.rpc.ErrorInfo.</summary>
internal static class StatusDetails
{
    public const string Domain = "agentflow.hub";

    public static string Encode(GrpcStatus status)
    {
        var info = new ErrorInfo { Reason = RefusalCodes.ReasonOf(status.Refusal), Domain = Domain };
        var details = new Status { Code = (int)status.Code, Message = status.Message, Details = { Any.Pack(info) } };
        return Convert.ToBase64String(details.ToByteArray()).TrimEnd('=');
    }

    /// <summary>The refusal that the details name; Ok where they are absent, damaged or somebody else's.</summary>
    public static HubStatus Decode(string? text)
    {
        if (string.IsNullOrEmpty(text) || !TryDecodeBase64(text, out byte[] bytes))
            return HubStatus.Ok;
        try
        {
            foreach (var detail in Status.Parser.ParseFrom(bytes).Details)
            {
                if (detail.TryUnpack<ErrorInfo>(out var info) && info.Domain == Domain && RefusalCodes.TryFind(info.Reason, out var refusal))
                    return refusal;
            }
        }
        catch (InvalidProtocolBufferException)
        {
            // Details only explain a status that stands without them.
        }

        return HubStatus.Ok;
    }

    private static bool TryDecodeBase64(string text, out byte[] bytes)
    {
        // Senders may leave the padding out.
        string padded = text.TrimEnd('=');
        padded = padded.PadRight((padded.Length + 3) / 4 * 4, '=');
        bytes = new byte[padded.Length / 4 * 3];
        bool isBase64 = Convert.TryFromBase64String(padded, bytes, out int length);
        bytes = bytes[..(isBase64 ? length : 0)];
        return isBase64;
    }
}
