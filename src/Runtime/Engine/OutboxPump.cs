using AgentFlow.Diagnostics;
using AgentFlow.Protocol.Hub;
using AgentFlow.Storage;
using AgentFlow.Store;
using Microsoft.Extensions.Logging;

namespace AgentFlow.Engine;

/// <summary>
/// Sends sealed envelopes, in order within a thread and always the same bytes, until the hub answers Appended or Duplicate. A row leaves the store when its
/// envelope
/// comes back at its position: that is the proof that the hub has it, and it saves a commit.
/// </summary>
internal sealed class OutboxPump(
    Func<AgentId, IHub> hubOf, IAgentStore store, LeaseKeeper leases, TimeProvider clock, AgentFlowOptions options, Func<AgentId, string> nameOf,
    Action<ThreadKey, OutboxRow, HubStatus> refused, ILogger logger, CancellationToken stopping)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<ThreadKey, Queue<OutboxRow>> _queues = [];
    private readonly HashSet<Task> _running = [];

    /// <summary>Sends rows that were committed just now, after those of the thread that still wait.</summary>
    public void Send(ThreadKey key, IEnumerable<OutboxRow> rows) => Add(key, rows, isAll: false);

    /// <summary>
    /// Sends what the store has of a thread that was loaded anew: of its last commits this process may not know. What the hub has already is a duplicate to it.
    /// </summary>
    public void Resume(ThreadKey key, IReadOnlyList<OutboxRow> rows)
    {
        if (rows.Count > 0)
            Add(key, rows, isAll: true);
    }

    /// <summary>Whether something of a thread waits to be sent.</summary>
    public bool IsSending(ThreadKey key)
    {
        lock (_gate)
            return _queues.ContainsKey(key);
    }

    /// <summary>Returns when no send is under way; call it after the stop.</summary>
    public Task CloseAsync()
    {
        lock (_gate)
            return Task.WhenAll([.. _running]);
    }

    private void Add(ThreadKey key, IEnumerable<OutboxRow> rows, bool isAll)
    {
        lock (_gate)
        {
            if (stopping.IsCancellationRequested)
                return;
            if (_queues.TryGetValue(key, out var queue))
            {
                if (isAll)
                    Clear(queue);
                AddAll(queue, rows);
                return;
            }

            _queues.Add(key, queue = new Queue<OutboxRow>());
            AddAll(queue, rows);
            var task = Task.Run(() => RunAsync(key, queue));
            _running.Add(task);
            _ = task.ContinueWith(Forget, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        }
    }

    private static void Clear(Queue<OutboxRow> queue)
    {
        Telemetry.OutboxDepth.Add(-queue.Count);
        queue.Clear();
    }

    private static void AddAll(Queue<OutboxRow> queue, IEnumerable<OutboxRow> rows)
    {
        foreach (var row in rows)
        {
            queue.Enqueue(row);
            Telemetry.OutboxDepth.Add(1);
        }
    }

    private void Forget(Task task)
    {
        lock (_gate)
            _running.Remove(task);
    }

    private async Task RunAsync(ThreadKey key, Queue<OutboxRow> queue)
    {
        while (TryPeek(key, queue, out var row))
        {
            var status = await SendUntilAnsweredAsync(key, row).ConfigureAwait(false);
            if (status is null)
            {
                Drop(key, queue);
                return;
            }

            if (status != HubStatus.Ok)
            {
                Log.SendRefused(logger, status.Value, nameOf(key.Agent), key.Thread);
                Drop(key, queue);
                refused(key, row, status.Value);
                return;
            }

            Telemetry.Sent.Add(1, Telemetry.Tag("messaging.destination.name", nameOf(key.Agent)));
            Remove(queue, row);
        }
    }

    // What was resumed meanwhile may have put another row in front.
    private void Remove(Queue<OutboxRow> queue, OutboxRow row)
    {
        lock (_gate)
        {
            if (!queue.TryPeek(out var first) || first.MessageId != row.MessageId)
                return;
            queue.Dequeue();
            Telemetry.OutboxDepth.Add(-1);
        }
    }

    private bool TryPeek(ThreadKey key, Queue<OutboxRow> queue, out OutboxRow row)
    {
        lock (_gate)
        {
            if (queue.TryPeek(out row!))
                return true;
            _queues.Remove(key);
            return false;
        }
    }

    // What follows a refused envelope carries a higher senderSeq, so it cannot stand either; and a thread that was lost is sent for by its owner. The rows stay
    // in the store.
    private void Drop(ThreadKey key, Queue<OutboxRow> queue)
    {
        lock (_gate)
        {
            Clear(queue);
            _queues.Remove(key);
        }
    }

    /// <summary>Ok, a lasting refusal, or null where the runtime stops or has lost the thread.</summary>
    private async ValueTask<HubStatus?> SendUntilAnsweredAsync(ThreadKey key, OutboxRow row)
    {
        var pause = options.FirstSendPause;
        while (true)
        {
            long started = clock.GetTimestamp();
            var status = await TrySendAsync(key, row).ConfigureAwait(false);
            Telemetry.Sending(nameOf(key.Agent), status, clock.GetElapsedTime(started));
            if (status is null or not (HubStatus.Busy or HubStatus.Unavailable))
                return status;
            var jittered = pause * (0.5 + Random.Shared.NextDouble() / 2);
            Log.SendPostponed(logger, status.Value, nameOf(key.Agent), key.Thread, jittered);
            await Task.Delay(jittered, clock, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            pause = pause * 2 < options.LongestSendPause ? pause * 2 : options.LongestSendPause;
        }
    }

    private async ValueTask<HubStatus?> TrySendAsync(ThreadKey key, OutboxRow row)
    {
        if (stopping.IsCancellationRequested || !leases.IsOwner(key))
            return null;
        try
        {
            FailPoint.Hit(FailPoints.BeforeAppend);
            var hub = hubOf(key.Agent);
            var result = row.IsGenesis
                ? await hub.CreateThreadAsync(key.Thread, row.MessageId, row.Bytes, stopping).ConfigureAwait(false)
                : await hub.AppendAsync(key.Thread, row.MessageId, row.Bytes, stopping).ConfigureAwait(false);
            FailPoint.Hit(FailPoints.AfterAppend);
            if (row.IsGenesis && result.IsAccepted)
                await CompleteAsync(key, row, result.Position).ConfigureAwait(false);
            return result.IsAccepted ? HubStatus.Ok : result.Refusal;
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            return null;
        }
        catch (Exception exception) when (exception is AgentFlowException or StorageException or StorageBusyException or IOException or TimeoutException or ObjectDisposedException)
        {
            return HubStatus.Unavailable;
        }
    }

    // The creator stands at position 1 from the start, so the genesis does not come back to it as news.
    private async ValueTask CompleteAsync(ThreadKey key, OutboxRow row, long position)
    {
        var commit = new AgentCommit
        {
            Agent = key.Agent, Thread = key.Thread, ExpectVersion = null, Operations = [new AgentOp.CompleteOutbox(row.MessageId, position)],
            Fence = leases.FenceOf(key),
        };
        await store.CommitAsync(commit, CancellationToken.None).ConfigureAwait(false);
    }
}
