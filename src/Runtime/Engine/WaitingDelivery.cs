namespace AgentFlow.Engine;

/// <summary>
/// The envelope of a thread that waits for its next try. It holds no credit, or one thread that cannot go on would stop the inbox of its agent; and only the
/// highest that came meanwhile is kept, because what lies below is read from the hub.
/// </summary>
internal sealed class WaitingDelivery
{
    private readonly Lock _gate = new();
    private WorkItem.Deliver? _waiting;

    /// <summary>Whether an envelope waits, which then stands for this one too.</summary>
    public bool Covers(WorkItem.Deliver deliver)
    {
        lock (_gate)
        {
            if (_waiting is not { } waiting)
                return false;
            if (deliver.Envelope.Position > waiting.Envelope.Position)
                _waiting = waiting with { Envelope = deliver.Envelope };
            return true;
        }
    }

    /// <summary>Lets an envelope that failed wait.</summary>
    /// <returns>The envelope, with this failure counted.</returns>
    public WorkItem.Deliver Put(WorkItem.Deliver deliver)
    {
        deliver.Credit?.Dispose();
        deliver = deliver with { Credit = null, Failures = deliver.Failures + 1 };
        lock (_gate)
            _waiting = deliver;
        return deliver;
    }

    /// <summary>What is tried now: the envelope that waits by now, or the item itself where it is none.</summary>
    public WorkItem Take(WorkItem item)
    {
        if (item is not WorkItem.Deliver)
            return item;
        lock (_gate)
            (item, _waiting) = (_waiting!, null);
        return item;
    }
}
