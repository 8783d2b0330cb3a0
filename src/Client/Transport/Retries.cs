using AgentFlow.Wire.Statuses;

namespace AgentFlow.Client.Transport;

/// <summary>Whether and when one call is tried again.</summary>
internal sealed class Retries(HubConnection connection, string method)
{
    private readonly long _start = connection.Clock.GetTimestamp();
    private readonly Backoff _backoff = new(connection.Options);

    /// <summary>Waits and returns true, or returns false where another try is of no use or the time is over.</summary>
    public async ValueTask<bool> AgainAsync(GrpcStatus status, CancellationToken cancellationToken)
    {
        var left = connection.Options.RetryFor - connection.Clock.GetElapsedTime(_start);
        if (left <= TimeSpan.Zero || connection.Stopping.IsCancellationRequested || !Outcomes.IsTransient(status))
            return false;
        var pause = _backoff.Next();
        // The hub says when the call may come; where that is later than anybody wants to wait, its refusal is the answer.
        if (status.RetryAfter > left)
            return false;
        if (status.RetryAfter > pause)
            pause = status.RetryAfter.Value;
        Diagnostics.Log.CallRepeated(connection.Logger, method, status.Code, pause);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, connection.Stopping);
        await Task.Delay(pause, connection.Clock, ended.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        cancellationToken.ThrowIfCancellationRequested();
        return !connection.Stopping.IsCancellationRequested;
    }
}
