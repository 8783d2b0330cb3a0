using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using AgentFlow.Wire.Headers;
using AgentFlow.Wire.Statuses;

namespace AgentFlow.Client.Transport;

/// <summary>The status of a response: in its headers where there is no body, else in its trailers.</summary>
internal static class ResponseStatus
{
    /// <summary>The status of a response that has no messages, else null.</summary>
    public static GrpcStatus? Early(HttpResponseMessage response)
    {
        if (response.StatusCode != HttpStatusCode.OK)
            return new GrpcStatus(CodeOf(response.StatusCode), $"The server answered with HTTP status {(int)response.StatusCode}.");
        if (!GrpcHeaders.IsProtobuf(response.Content.Headers.ContentType?.ToString()))
            return new GrpcStatus(GrpcStatusCode.Unknown, "The server's answer is not gRPC.");
        return response.Headers.Contains(GrpcHeaders.Status) ? Read(response.Headers) : null;
    }

    /// <summary>The status after the last message.</summary>
    public static GrpcStatus Of(HttpResponseMessage response) => Read(response.TrailingHeaders);

    public static string? Header(HttpHeaders headers, string name) => headers.TryGetValues(name, out var values) ? values.FirstOrDefault() : null;

    private static GrpcStatus Read(HttpHeaders headers)
    {
        if (!int.TryParse(Header(headers, GrpcHeaders.Status), NumberStyles.None, CultureInfo.InvariantCulture, out int code))
            return new GrpcStatus(GrpcStatusCode.Unavailable, "The answer ended without a status.");
        string message = StatusText.Decode(Header(headers, GrpcHeaders.Message) ?? "");
        var known = code <= (int)GrpcStatusCode.Unauthenticated ? (GrpcStatusCode)code : GrpcStatusCode.Unknown;
        bool isPushedBack = uint.TryParse(Header(headers, GrpcHeaders.RetryPushback), NumberStyles.None, CultureInfo.InvariantCulture, out uint pause);
        return new GrpcStatus(known, message, StatusDetails.Decode(Header(headers, GrpcHeaders.StatusDetails)))
        {
            RetryAfter = isPushedBack ? TimeSpan.FromMilliseconds(pause) : null,
        };
    }

    /// <summary>What the gRPC documentation says of answers that come from something else on the way.</summary>
    private static GrpcStatusCode CodeOf(HttpStatusCode status) => status switch
    {
        HttpStatusCode.BadRequest => GrpcStatusCode.Internal,
        HttpStatusCode.Unauthorized => GrpcStatusCode.Unauthenticated,
        HttpStatusCode.Forbidden => GrpcStatusCode.PermissionDenied,
        HttpStatusCode.NotFound => GrpcStatusCode.Unimplemented,
        HttpStatusCode.TooManyRequests or HttpStatusCode.BadGateway => GrpcStatusCode.Unavailable,
        HttpStatusCode.ServiceUnavailable or HttpStatusCode.GatewayTimeout => GrpcStatusCode.Unavailable,
        _ => GrpcStatusCode.Unknown,
    };
}
