using AgentFlow.Host.Hosting;
using AgentFlow.Protocol.Hub;
using AgentFlow.Protocol.Identity;
using AgentFlow.Wire.Statuses;
using Microsoft.Extensions.Options;

namespace AgentFlow.Host.Callers;

/// <summary>What a device sends to log in.</summary>
internal sealed record LoginAttempt(AgentId Agent, Bytes32 Device, ReadOnlyMemory<byte> Challenge, string Origin, ReadOnlyMemory<byte> Signature);

/// <summary>Checks logins and gives out tokens.</summary>
internal sealed class LoginDesk(
    HubSource source, HubOrigins origins, LoginChallenges challenges, LoginTokens tokens, IOptions<HubServerOptions> options, TimeProvider clock)
{
    public TimeSpan Lifetime { get; } = options.Value.TokenLifetime;

    public ValueTask<byte[]> ChallengeAsync(CancellationToken cancellationToken) => challenges.MakeAsync(cancellationToken);

    /// <summary>The token, or why there is none. What costs nothing is checked first; what costs a commit, last.</summary>
    public async ValueTask<(string Token, GrpcStatus Status)> LoginAsync(LoginAttempt attempt, CancellationToken cancellationToken)
    {
        // Never what the request says of itself: a hub in between would say its own address.
        if (!origins.All.Contains(attempt.Origin))
        {
            string known = string.Join(" or ", origins.All);
            return Refused($"The login was signed for another address than {known}: dial that, or add yours to HubServerOptions.Origins.");
        }

        if (!await challenges.IsFreshAsync(attempt.Challenge, cancellationToken).ConfigureAwait(false))
            return Refused("The challenge is not one of this hub, or too old.");
        if (!await source.Authority.IsDeviceAsync(attempt.Agent, attempt.Device, TimeSpan.Zero, cancellationToken).ConfigureAwait(false))
            return Refused("The device key is not live in an identity log of this agent at the hub.");
        if (!HubLogin.Verify(attempt.Device, attempt.Origin, attempt.Challenge.Span, attempt.Signature.Span))
            return Refused("The signature is not the device's.");
        var used = await challenges.UseAsync(attempt.Challenge, cancellationToken).ConfigureAwait(false);
        if (used == HubStatus.Conflict)
            return Refused("The challenge was used before.");
        if (used != HubStatus.Ok)
            return ("", GrpcStatus.Refused(used));
        var caller = new Caller(attempt.Agent, attempt.Device, clock.GetUtcNow() + Lifetime);
        return (await tokens.MakeAsync(caller, cancellationToken).ConfigureAwait(false), GrpcStatus.Ok);
    }

    private static (string Token, GrpcStatus Status) Refused(string sentence) => ("", GrpcStatus.Unauthenticated(sentence));
}
