using AgentFlow.Client.Transport;
using AgentFlow.Protocol.Hub;
using AgentFlow.Wire.Messages;

namespace AgentFlow.Client.Appends;

/// <summary>One stream of appends at a time; a new one is opened by the first append after the old one broke.</summary>
internal sealed class AppendLane(HubLine line) : IAsyncDisposable
{
    private readonly Lock _gate = new();
    private AppendCall? _call;

    public async ValueTask<AppendResult> AppendAsync(AppendRequest append, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var answer = Add(append);
        try
        {
            return await answer.WaitAsync(line.Connection.Options.CallTimeout, line.Connection.Clock, cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            return AppendResult.Refused(HubStatus.Unavailable);
        }
    }

    public async ValueTask DisposeAsync()
    {
        AppendCall? call;
        lock (_gate)
            call = _call;
        if (call is not null)
            await call.Ended.ConfigureAwait(false);
    }

    /// <summary>Hands the append to the stream before it returns, so that the order of the calls is the order on the wire.</summary>
    private Task<AppendResult> Add(AppendRequest append)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(line.Connection.Stopping.IsCancellationRequested, typeof(GrpcHub));
            if (_call?.TryAdd(append) is { } added)
                return added;
            _call = new AppendCall(line);
            return _call.TryAdd(append)!;
        }
    }
}
