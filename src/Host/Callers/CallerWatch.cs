using AgentFlow.Wire.Statuses;

namespace AgentFlow.Host.Callers;

/// <summary>Ends a long call when its caller's token ends or its device is revoked.</summary>
internal sealed class CallerWatch : IAsyncDisposable
{
    private readonly Authenticator _authenticator;
    private readonly Caller _caller;
    private readonly TimeProvider _clock;
    private readonly CancellationTokenSource _ended;
    private readonly CancellationTokenSource _disposed = new();
    private readonly Task _watching;

    public CallerWatch(Authenticator authenticator, Caller caller, TimeProvider clock, CancellationToken cancelled)
    {
        (_authenticator, _caller, _clock) = (authenticator, caller, clock);
        _ended = CancellationTokenSource.CreateLinkedTokenSource(cancelled);
        _watching = WatchAsync();
    }

    /// <summary>Cancelled with the call, or by the watch.</summary>
    public CancellationToken Ended => _ended.Token;

    /// <summary>Why the watch ended the call, or null.</summary>
    public GrpcStatus? Refusal { get; private set; }

    public async ValueTask DisposeAsync()
    {
        await _disposed.CancelAsync().ConfigureAwait(false);
        await _watching.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _ended.Dispose();
        _disposed.Dispose();
    }

    private async Task WatchAsync()
    {
        while (Refusal is null)
        {
            var left = _caller.Until - _clock.GetUtcNow();
            await Task.Delay(TimeSpan.FromTicks(Math.Clamp(left.Ticks, 0, _authenticator.CheckInterval.Ticks)), _clock, _disposed.Token).ConfigureAwait(false);
            try
            {
                Refusal = await _authenticator.RefuseAsync(_caller, _disposed.Token).ConfigureAwait(false);
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                // A store that does not answer revokes nobody; it is asked again, and the token ends in any case.
            }
        }

        await _ended.CancelAsync().ConfigureAwait(false);
    }
}
