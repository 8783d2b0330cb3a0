using AgentFlow.Wire.Statuses;

namespace AgentFlow.Client.Transport;

/// <summary>Where calls get their token from. Thread-safe.</summary>
internal interface ITokenSource
{
    /// <summary>The token of now, or why there is none.</summary>
    ValueTask<(CallToken? Token, GrpcStatus Status)> GetAsync(CancellationToken cancellationToken);

    /// <summary>The hub does not take this one.</summary>
    void Drop(CallToken token);
}
