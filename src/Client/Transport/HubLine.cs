using AgentFlow.Wire.Statuses;

namespace AgentFlow.Client.Transport;

/// <summary>The way to the hub as one device uses it: every call carries its token. Without a source of tokens, the hub does not know who calls.</summary>
internal sealed class HubLine(HubConnection connection, ITokenSource? tokens)
{
    public HubConnection Connection => connection;

    /// <summary>Starts a call; what goes wrong on the way throws <see cref="HttpRequestException"/> or <see cref="IOException"/>.</summary>
    public async Task<ClientCall> StartAsync(string method, HttpContent content, TimeSpan? timeout, CancellationToken cancellationToken)
    {
        if (tokens is null)
            return await ClientCall.StartAsync(connection, method, content, null, timeout, cancellationToken).ConfigureAwait(false);
        var (token, status) = await tokens.GetAsync(cancellationToken).ConfigureAwait(false);
        if (token is null)
            return ClientCall.Unsent(status);
        return await ClientCall.StartAsync(connection, method, content, token, timeout, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>
    /// Whether the hub did not take the call's token, so that another try may succeed with a new one. A call whose login was refused is refused again, and is
    /// not meant.
    /// </summary>
    public bool HasLostToken(ClientCall call, GrpcStatus status)
    {
        if (call.Token is not { } token || status.Code != GrpcStatusCode.Unauthenticated)
            return false;
        tokens?.Drop(token);
        return true;
    }
}
