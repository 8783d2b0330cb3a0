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
        bool isOver = connection.Clock.GetElapsedTime(_start) >= connection.Options.RetryFor || connection.Stopping.IsCancellationRequested;
        if (isOver || !Outcomes.IsTransient(status))
            return false;
        var pause = _backoff.Next();
        Diagnostics.Log.CallRepeated(connection.Logger, method, status.Code, pause);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, connection.Stopping);
        await Task.Delay(pause, connection.Clock, ended.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        cancellationToken.ThrowIfCancellationRequested();
        return !connection.Stopping.IsCancellationRequested;
    }
}
