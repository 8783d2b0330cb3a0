using System.Globalization;
using AgentFlow.Protocol.Hub;
using AgentFlow.Wire.Headers;
using AgentFlow.Wire.Statuses;
using Microsoft.AspNetCore.Http;

namespace AgentFlow.Host.Calls;

/// <summary>Ends a response with its status: in the headers where nothing was sent, else in the trailers.</summary>
internal static class ResponseEnd
{
    public static void Write(HttpResponse response, GrpcStatus status, bool hasWritten)
    {
        Add(GrpcHeaders.Status, ((int)status.Code).ToString(CultureInfo.InvariantCulture));
        if (status.Message.Length > 0)
            Add(GrpcHeaders.Message, StatusText.Encode(status.Message));
        if (status.Refusal != HubStatus.Ok)
            Add(GrpcHeaders.StatusDetails, StatusDetails.Encode(status));
        if (status.RetryAfter is { } pause)
        {
            Add(GrpcHeaders.RetryAfter, Math.Ceiling(pause.TotalSeconds).ToString(CultureInfo.InvariantCulture));
            Add(GrpcHeaders.RetryPushback, Math.Ceiling(pause.TotalMilliseconds).ToString(CultureInfo.InvariantCulture));
        }

        void Add(string name, string value)
        {
            if (hasWritten)
                response.AppendTrailer(name, value);
            else
                response.Headers[name] = value;
        }
    }
}
