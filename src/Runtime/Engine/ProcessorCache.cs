namespace AgentFlow.Engine;

/// <summary>The processors in memory: the busy ones, and a bounded number of idle ones. Everything else of a thread lies in the store.</summary>
internal sealed class ProcessorCache(int idleLimit, Func<ThreadKey, ThreadProcessor> create)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<ThreadKey, Slot> _slots = [];
    private readonly LinkedList<Slot> _idle = new();
    private TaskCompletionSource? _drained;
    private int _busy;
    private bool _isClosed;

    /// <summary>How many processors are in memory.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
                return _slots.Count;
        }
    }

    /// <summary>Queues work for a thread, and runs its processor if it is idle.</summary>
    /// <returns>False where the runtime stops and takes no more work.</returns>
    public bool Post(ThreadKey key, WorkItem item)
    {
        Slot slot;
        lock (_gate)
        {
            if (_isClosed)
                return false;
            if (!_slots.TryGetValue(key, out slot!))
                _slots.Add(key, slot = new Slot(create(key)));
            slot.Work.Enqueue(item);
            if (slot.IsBusy)
                return true;
            slot.IsBusy = true;
            _busy++;
            if (slot.Node is { } node)
                _idle.Remove(node);
            slot.Node = null;
        }

        _ = Task.Run(() => RunAsync(slot));
        return true;
    }

    /// <summary>Takes no more work, drops what waits, and returns when the last processor is idle.</summary>
    public Task CloseAsync()
    {
        lock (_gate)
        {
            _isClosed = true;
            if (_busy == 0)
                return Task.CompletedTask;
            _drained = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return _drained.Task;
        }
    }

    private async Task RunAsync(Slot slot)
    {
        while (TryTake(slot, out var item))
            await slot.Processor.ProcessAsync(item).ConfigureAwait(false);
    }

    private bool TryTake(Slot slot, out WorkItem item)
    {
        lock (_gate)
        {
            if (slot.Work.TryDequeue(out item!))
                return true;
            slot.IsBusy = false;
            slot.Node = _idle.AddLast(slot);
            if (_idle.Count > idleLimit)
                Evict();
            if (--_busy == 0 && _isClosed)
                _drained?.TrySetResult();
            return false;
        }
    }

    private void Evict()
    {
        var oldest = _idle.First!.Value;
        _idle.RemoveFirst();
        _slots.Remove(oldest.Processor.Key);
        oldest.Processor.Dispose();
    }

    private sealed class Slot(ThreadProcessor processor)
    {
        public ThreadProcessor Processor { get; } = processor;

        public Queue<WorkItem> Work { get; } = new();

        public LinkedListNode<Slot>? Node { get; set; }

        public bool IsBusy { get; set; }
    }
}
