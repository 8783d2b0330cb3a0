using AgentFlow.Diagnostics;
using AgentFlow.Protocol.Hub;
using AgentFlow.Storage;

namespace AgentFlow.Engine;

/// <summary>
/// Tells the hub how far each agent has come in each thread. Coalesced, and never waited for: what is not acknowledged is only delivered again.
/// </summary>
internal sealed class Acknowledger(Func<AgentId, IHub> hubOf)
{
    private const int Parallel = 64;
    private readonly Lock _gate = new();
    private readonly SemaphoreSlim _changed = new(0, 1);
    private Dictionary<ThreadKey, long> _waiting = [];

    public void Acknowledge(ThreadKey key, long position)
    {
        lock (_gate)
        {
            _waiting[key] = Math.Max(position, _waiting.GetValueOrDefault(key));
            if (_changed.CurrentCount == 0)
                _changed.Release();
        }
    }

    public async Task RunAsync(CancellationToken stopping)
    {
        while (!stopping.IsCancellationRequested)
        {
            await _changed.WaitAsync(stopping).ContinueWith(
                static _ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default)
                .ConfigureAwait(false);
            await FlushAsync(stopping).ConfigureAwait(false);
        }
    }

    private async Task FlushAsync(CancellationToken stopping)
    {
        Dictionary<ThreadKey, long> taken;
        lock (_gate)
            (taken, _waiting) = (_waiting, []);
        foreach (var chunk in taken.Chunk(Parallel))
        {
            if (stopping.IsCancellationRequested)
                return;
            await Task.WhenAll(chunk.Select(entry => AcknowledgeAsync(entry.Key, entry.Value, stopping))).ConfigureAwait(false);
        }
    }

    private async Task AcknowledgeAsync(ThreadKey key, long position, CancellationToken stopping)
    {
        try
        {
            FailPoint.Hit(FailPoints.BeforeAcknowledge);
            await hubOf(key.Agent).AcknowledgeAsync(key.Agent, key.Thread, position, stopping).ConfigureAwait(false);
            FailPoint.Hit(FailPoints.AfterAcknowledge);
        }
        catch (Exception exception) when (exception is OperationCanceledException or AgentFlowException or IOException or TimeoutException or ObjectDisposedException)
        {
            // The next acknowledgement of this thread includes this one; without a next one it is delivered again and skipped.
        }
    }
}
