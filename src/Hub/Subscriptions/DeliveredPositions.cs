using AgentFlow.Hub.Stores;

namespace AgentFlow.Hub.Subscriptions;

/// <summary>
/// The highest position of each thread that this process has delivered to an agent. Who acknowledges no more than that is a member and not beyond the head, so
/// the store need not be asked. Bounded: what is not known here is asked. Thread-safe.
/// </summary>
internal sealed class DeliveredPositions(int capacity)
{
    private readonly RecentlyUsed<(AgentId Agent, ThreadId Thread), long> _positions = new(capacity);

    public void Raise(AgentId agent, ThreadId thread, long position)
    {
        if (!Covers(agent, thread, position))
            _positions.Set((agent, thread), position);
    }

    public bool Covers(AgentId agent, ThreadId thread, long position) => _positions.TryGet((agent, thread), out long delivered) && delivered >= position;
}
