using AgentFlow.Host.Hosting;
using AgentFlow.Wire.Headers;
using AgentFlow.Wire.Statuses;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace AgentFlow.Host.Callers;

/// <summary>Tells who calls, by the token of the request.</summary>
internal sealed class Authenticator(HubSource source, LoginTokens tokens, IOptions<HubServerOptions> options, TimeProvider clock)
{
    private static readonly GrpcStatus s_ended = GrpcStatus.Unauthenticated("The token is not one of this hub, or has ended: log in again.");
    private static readonly GrpcStatus s_revoked = GrpcStatus.Unauthenticated("The device of the token is not live any more.");
    private readonly HubServerOptions _options = options.Value;

    /// <summary>How long a stream may go on before its caller is looked at again.</summary>
    public TimeSpan CheckInterval => _options.RevocationCheckInterval;

    /// <summary>The caller, or why the call is refused; neither where the hub asks nobody.</summary>
    public async ValueTask<(Caller? Caller, GrpcStatus? Refusal)> FindAsync(HttpContext context, CancellationToken cancellationToken)
    {
        if (!_options.RequireLogin)
            return (null, null);
        string? header = context.Request.Headers[GrpcHeaders.Authorization];
        if (header is null || !header.StartsWith(GrpcHeaders.BearerPrefix, StringComparison.OrdinalIgnoreCase))
            return (null, GrpcStatus.Refused(Protocol.Hub.HubStatus.Unauthenticated));
        string token = header[GrpcHeaders.BearerPrefix.Length..].Trim();
        if (await tokens.ReadAsync(token, cancellationToken).ConfigureAwait(false) is not { } caller)
            return (null, s_ended);
        return await RefuseAsync(caller, cancellationToken).ConfigureAwait(false) is { } refusal ? (null, refusal) : (caller, null);
    }

    /// <summary>Looks at the caller of a long call again and again.</summary>
    public CallerWatch Watch(Caller caller, CancellationToken cancelled) => new(this, caller, clock, cancelled);

    /// <summary>Why a caller may not go on, or null.</summary>
    public async ValueTask<GrpcStatus?> RefuseAsync(Caller caller, CancellationToken cancellationToken)
    {
        if (clock.GetUtcNow() >= caller.Until)
            return s_ended;
        return await source.Authority.IsDeviceAsync(caller.Agent, caller.Device, CheckInterval, cancellationToken).ConfigureAwait(false) ? null : s_revoked;
    }
}
