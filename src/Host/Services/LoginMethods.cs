using AgentFlow.Host.Callers;
using AgentFlow.Host.Calls;
using AgentFlow.Wire.Messages;
using AgentFlow.Wire.Values;
using Google.Protobuf;

namespace AgentFlow.Host.Services;

/// <summary>How a device proves which agent it speaks for.</summary>
internal sealed class LoginMethods(LoginDesk desk)
{
    public IEnumerable<GrpcMethod> All =>
    [
        Unary.Method(HubMethods.Service, "Challenge", ChallengeRequest.Parser, ChallengeAsync) with { IsOpen = true },
        Unary.Method(HubMethods.Service, "Login", LoginRequest.Parser, LoginAsync) with { IsOpen = true },
    ];

    private async ValueTask<Reply> ChallengeAsync(ChallengeRequest request, ServerCall call)
    {
        byte[] challenge = await desk.ChallengeAsync(call.Cancelled).ConfigureAwait(false);
        return Reply.Of(new ChallengeResponse { Challenge = UnsafeByteOperations.UnsafeWrap(challenge) });
    }

    private async ValueTask<Reply> LoginAsync(LoginRequest request, ServerCall call)
    {
        if (!request.Agent.TryRead(out AgentId agent) || !request.Device.TryRead(out Bytes32 device))
            return Refusals.Id("agent", "device");
        var attempt = new LoginAttempt(agent, device, request.Challenge.Memory, request.Origin, request.Signature.Memory);
        var (token, status) = await desk.LoginAsync(attempt, call.Cancelled).ConfigureAwait(false);
        return status.IsOk
            ? Reply.Of(new LoginResponse { Token = token, LifetimeMillis = (long)desk.Lifetime.TotalMilliseconds })
            : new Reply(null, status);
    }
}
