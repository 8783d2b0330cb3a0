using AgentFlow.Host.Callers;
using AgentFlow.Host.Hosting;
using AgentFlow.Host.Limits;
using AgentFlow.Wire.Framing;
using AgentFlow.Wire.Headers;
using AgentFlow.Wire.Statuses;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace AgentFlow.Host.Calls;

/// <summary>Speaks gRPC over HTTP/2 for one call: checks what the request says about itself, runs the method, ends with a status.</summary>
internal sealed class CallServer(
    IOptions<HubServerOptions> options, Authenticator authenticator, CallLimits limits, TimeProvider clock, IHostApplicationLifetime lifetime, CallFaults faults)
{
    private static readonly GrpcMethod s_unknown =
        new("", "", _ => ValueTask.FromResult(new GrpcStatus(GrpcStatusCode.Unimplemented, "The hub has no such method."))) { IsOpen = true };

    private readonly HubServerOptions _options = options.Value;

    public static bool IsGrpc(HttpContext context) => GrpcHeaders.IsProtobuf(context.Request.ContentType);

    public Task ServeUnknownAsync(HttpContext context) =>
        ServeAsync(context, s_unknown);

    public async Task ServeAsync(HttpContext context, GrpcMethod method)
    {
        if (!IsGrpc(context))
        {
            context.Response.StatusCode = StatusCodes.Status415UnsupportedMediaType;
            return;
        }

        if (!HttpProtocol.IsHttp2(context.Request.Protocol))
        {
            context.Response.StatusCode = StatusCodes.Status505HttpVersionNotsupported;
            return;
        }

        context.Response.ContentType = GrpcHeaders.ContentType;
        context.Response.Headers[GrpcHeaders.AcceptEncoding] = GrpcHeaders.KnownEncodings;
        if (Refuse(context, out var timeout, out bool isGzip) is { } refused)
            ResponseEnd.Write(context.Response, refused, hasWritten: false);
        else
            await RunAsync(context, method, timeout, isGzip).ConfigureAwait(false);
    }

    private GrpcStatus? Refuse(HttpContext context, out TimeSpan timeout, out bool isGzip)
    {
        timeout = Timeout.InfiniteTimeSpan;
        isGzip = false;
        if (Exposure.Refuse(context, _options) is { } closed)
            return closed;
        var headers = context.Request.Headers;
        string? encoding = headers[GrpcHeaders.Encoding];
        isGzip = encoding == GrpcHeaders.Gzip;
        if (!isGzip && encoding is not (null or GrpcHeaders.Identity))
            return new GrpcStatus(GrpcStatusCode.Unimplemented, $"The hub knows these encodings: {GrpcHeaders.KnownEncodings}.");
        string? limit = headers[GrpcHeaders.Timeout];
        return limit is null || GrpcTimeout.TryParse(limit, out timeout)
            ? null
            : GrpcStatus.InvalidArgument("grpc-timeout is not up to eight digits and one of H, M, S, m, u, n.");
    }

    private async Task RunAsync(HttpContext context, GrpcMethod method, TimeSpan timeout, bool isGzip)
    {
        AllowStreams(context);
        // A caller that compresses is answered in kind: the others would only spend time on ciphertext, which does not shrink.
        bool answersGzip = isGzip && GrpcHeaders.TakesGzip(context.Request.Headers[GrpcHeaders.AcceptEncoding]);
        if (answersGzip)
            context.Response.Headers[GrpcHeaders.Encoding] = GrpcHeaders.Gzip;
        using var deadline = timeout == Timeout.InfiniteTimeSpan ? null : new CancellationTokenSource(timeout, clock);
        using var cancelled = CancellationTokenSource.CreateLinkedTokenSource(
            context.RequestAborted, deadline?.Token ?? default, method.IsLong ? lifetime.ApplicationStopping : default);
        var reader = new MessageReader(context.Request.BodyReader, _options.MaxMessageBytes, isGzip);
        bool hasWritten = false;
        GrpcStatus status;
        try
        {
            var (caller, refusal) = method.IsOpen ? default : await authenticator.FindAsync(context, cancelled.Token).ConfigureAwait(false);
            // Whoever has not proved who it is is counted by its address, so that nobody guesses tokens or asks for challenges without end.
            refusal = (caller is null ? limits.Take(context) : limits.Take(caller.Agent)) ?? refusal;
            if (refusal is null)
            {
                await using var watch = method.IsLong && caller is not null ? authenticator.Watch(caller, cancelled.Token) : null;
                var call = new ServerCall(context, reader, caller, answersGzip, watch?.Ended ?? cancelled.Token);
                try
                {
                    refusal = await method.Run(call).ConfigureAwait(false);
                }
                catch (OperationCanceledException) when (watch?.Refusal is { } ended)
                {
                    refusal = ended;
                }
                finally
                {
                    hasWritten = call.HasWritten;
                }
            }

            status = refusal;
        }
        catch (Exception exception)
        {
            status = deadline is { IsCancellationRequested: true }
                ? new GrpcStatus(GrpcStatusCode.DeadlineExceeded, "The deadline is over; the outcome of a write is unknown.")
                : faults.StatusOf(exception, method.Path, context.RequestAborted.IsCancellationRequested);
        }

        ResponseEnd.Write(context.Response, status, hasWritten);
    }

    /// <summary>Streams may be long and quiet: what bounds them is the limit of each message.</summary>
    private static void AllowStreams(HttpContext context)
    {
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
            size.MaxRequestBodySize = null;
        if (context.Features.Get<IHttpMinRequestBodyDataRateFeature>() is { } rate)
            rate.MinDataRate = null;
    }
}
