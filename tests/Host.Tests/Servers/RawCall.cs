using System.Net;
using System.Net.Http.Headers;
using AgentFlow.Wire.Headers;
using AgentFlow.Wire.Statuses;

namespace AgentFlow.Host.Tests.Servers;

/// <summary>Bytes that a test chose, sent as a gRPC request, and what came back.</summary>
/// <param name="Http">The HTTP status.</param>
/// <param name="Code">grpc-status, wherever it stood; null where there is none.</param>
/// <param name="IsTrailersOnly">Whether it stood in the headers.</param>
/// <param name="Headers">The headers.</param>
/// <param name="Body">The bytes of the body.</param>
internal sealed record RawCall(HttpStatusCode Http, GrpcStatusCode? Code, bool IsTrailersOnly, HttpResponseHeaders Headers, byte[] Body)
{
    public static async Task<RawCall> SendAsync(
        Uri server, string path, byte[] body, string contentType = "application/grpc", params (string Name, string Value)[] headers)
    {
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(server, path))
        {
            Content = new ByteArrayContent(body), Version = HttpVersion.Version20, VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        request.Content.Headers.TryAddWithoutValidation("content-type", contentType);
        foreach (var (name, value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);
        using var response = await http.SendAsync(request, TestContext.Current.CancellationToken);
        byte[] bytes = await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);
        bool isTrailersOnly = response.Headers.Contains(GrpcHeaders.Status);
        var from = isTrailersOnly ? response.Headers : response.TrailingHeaders;
        GrpcStatusCode? code = from.TryGetValues(GrpcHeaders.Status, out var values) ? (GrpcStatusCode)int.Parse(values.Single(), null) : null;
        return new RawCall(response.StatusCode, code, isTrailersOnly, response.Headers, bytes);
    }
}
