using AgentFlow.Client.Transport;
using AgentFlow.Protocol.Crypto;
using AgentFlow.Protocol.Identity;
using AgentFlow.Wire.Messages;
using AgentFlow.Wire.Statuses;
using AgentFlow.Wire.Values;
using Google.Protobuf;

namespace AgentFlow.Client.Login;

/// <summary>One device at one hub: it logs in when a token is needed and again before that one ends. Thread-safe.</summary>
internal sealed class HubSession(HubConnection connection, HubCredential credential) : ITokenSource
{
    private readonly HubCalls _calls = new(new HubLine(connection, null));
    private readonly string _origin = HubLogin.OriginOf(connection.Address);
    private readonly SemaphoreSlim _turn = new(1, 1);
    private CallToken? _token;

    public async ValueTask<(CallToken? Token, GrpcStatus Status)> GetAsync(CancellationToken cancellationToken)
    {
        if (Volatile.Read(ref _token) is { } token && !token.IsDue(connection.Clock))
            return (token, GrpcStatus.Ok);
        await _turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            // Somebody else may have been faster.
            var standing = Volatile.Read(ref _token);
            if (standing is not null && !standing.IsDue(connection.Clock))
                return (standing, GrpcStatus.Ok);
            var (renewed, status) = await LoginAsync(cancellationToken).ConfigureAwait(false);
            if (renewed is null && standing is not null && !standing.IsOver(connection.Clock))
                return (standing, GrpcStatus.Ok);
            Volatile.Write(ref _token, renewed);
            return (renewed, status);
        }
        finally
        {
            _turn.Release();
        }
    }

    public void Drop(CallToken token) => Interlocked.CompareExchange(ref _token, null, token);

    private async ValueTask<(CallToken? Token, GrpcStatus Status)> LoginAsync(CancellationToken cancellationToken)
    {
        long start = connection.Clock.GetTimestamp();
        var challenge = await _calls.TryAsync("Challenge", new ChallengeRequest(), ChallengeResponse.Parser, cancellationToken).ConfigureAwait(false);
        if (challenge.Message is null)
            return (null, challenge.Status);
        if (challenge.Message.Challenge.Length != HubLogin.ChallengeSize)
            return (null, new GrpcStatus(GrpcStatusCode.Internal, "The hub's challenge has the wrong length."));
        byte[] signature = new byte[SigningKey.SignatureSize];
        credential.Sign(_origin, challenge.Message.Challenge.Span, signature);
        var request = new LoginRequest
        {
            Agent = credential.Agent.ToWire(),
            Device = credential.Device.ToWire(),
            Challenge = challenge.Message.Challenge,
            Origin = _origin,
            Signature = UnsafeByteOperations.UnsafeWrap(signature),
        };
        var answer = await _calls.TryAsync("Login", request, LoginResponse.Parser, cancellationToken).ConfigureAwait(false);
        if (answer.Message is null)
            return (null, answer.Status);
        double lifetime = Math.Clamp(answer.Message.LifetimeMillis, 0, TimeSpan.FromDays(1).TotalMilliseconds);
        return (new CallToken(answer.Message.Token, start, TimeSpan.FromMilliseconds(lifetime)), GrpcStatus.Ok);
    }
}
