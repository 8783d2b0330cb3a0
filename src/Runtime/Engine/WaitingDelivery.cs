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
        deliver = deliver with { Failures = deliver.Failures + 1 };
        return Keep(deliver);
    }

    /// <summary>Lets an envelope wait that did not fail: its thread is worked on elsewhere.</summary>
    public WorkItem.Deliver Keep(WorkItem.Deliver deliver)
    {
        deliver.Credit?.Dispose();
        deliver = deliver with { Credit = null };
        lock (_gate)
            _waiting = deliver;
        return deliver;
    }

    /// <summary>What is tried now: the envelope that waits by now, or the item itself where it is none; null where what waited was tried already.</summary>
    public WorkItem? Take(WorkItem item) => item is WorkItem.Deliver ? Take() : item;

    /// <summary>The envelope that waits, which then waits no more, or null.</summary>
    public WorkItem.Deliver? Take()
    {
        lock (_gate)
        {
            var taken = _waiting;
            _waiting = null;
            return taken;
        }
    }
}
