using AgentFlow.Client.Transport;
using AgentFlow.Protocol.Hub;
using AgentFlow.Wire.Messages;

namespace AgentFlow.Client.Appends;

/// <summary>A few streams for all appends; those of one thread keep their order because they travel one.</summary>
internal sealed class AppendLanes(HubLine line) : IAsyncDisposable
{
    private readonly AppendLane[] _lanes = [.. Enumerable.Range(0, Math.Max(1, line.Connection.Options.AppendStreams)).Select(_ => new AppendLane(line))];

    public ValueTask<AppendResult> AppendAsync(ThreadId thread, AppendRequest append, CancellationToken cancellationToken) =>
        _lanes[(thread.GetHashCode() & int.MaxValue) % _lanes.Length].AppendAsync(append, cancellationToken);

    public async ValueTask DisposeAsync()
    {
        foreach (var lane in _lanes)
            await lane.DisposeAsync().ConfigureAwait(false);
    }
}
