namespace AgentFlow.Wire.Headers;

/// <summary>The names of gRPC over HTTP/2.</summary>
internal static class GrpcHeaders
{
    public const string ContentType = "application/grpc";
    public const string Status = "grpc-status";
    public const string Message = "grpc-message";
    public const string StatusDetails = "grpc-status-details-bin";
    public const string Timeout = "grpc-timeout";
    public const string Encoding = "grpc-encoding";
    public const string AcceptEncoding = "grpc-accept-encoding";
    public const string Authorization = "authorization";
    public const string BearerPrefix = "Bearer ";
    /// <summary>RFC 9110, 10.2.3: in seconds.</summary>
    public const string RetryAfter = "retry-after";

    /// <summary>gRFC A6: in milliseconds.</summary>
    public const string RetryPushback = "grpc-retry-pushback-ms";

    public const string Gzip = "gzip";
    public const string Identity = "identity";
    public const string KnownEncodings = "identity,gzip";

    /// <summary>Whether a content type is gRPC with protobuf messages.</summary>
    public static bool IsProtobuf(string? contentType)
    {
        if (contentType is null)
            return false;
        int end = contentType.IndexOf(';', StringComparison.Ordinal);
        var type = contentType.AsSpan(0, end < 0 ? contentType.Length : end).Trim();
        return type.Equals(ContentType, StringComparison.OrdinalIgnoreCase) || type.Equals(ContentType + "+proto", StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>Whether gzip stands in the list of encodings that a peer takes.</summary>
    public static bool TakesGzip(string? acceptEncoding)
    {
        foreach (var range in acceptEncoding.AsSpan().Split(','))
        {
            if (acceptEncoding.AsSpan()[range].Trim().Equals(Gzip, StringComparison.OrdinalIgnoreCase))
                return true;
        }

        return false;
    }
}
