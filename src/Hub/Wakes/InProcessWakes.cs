using System.Collections.Immutable;

namespace AgentFlow.Hub.Wakes;

/// <summary>Hints within one process. Thread-safe.</summary>
public sealed class InProcessWakes : IWakeBus
{
    private ImmutableArray<Action<WakeHint>> _listeners = [];

    /// <inheritdoc/>
    public IDisposable Subscribe(Action<WakeHint> listener)
    {
        ArgumentNullException.ThrowIfNull(listener);
        ImmutableInterlocked.Update(ref _listeners, static (all, one) => all.Add(one), listener);
        return new Subscription(this, listener);
    }

    /// <inheritdoc/>
    public void Publish(WakeHint hint)
    {
        foreach (var listener in _listeners)
            listener(hint);
    }

    private sealed class Subscription(InProcessWakes owner, Action<WakeHint> listener) : IDisposable
    {
        public void Dispose() => ImmutableInterlocked.Update(ref owner._listeners, static (all, one) => all.Remove(one), listener);
    }
}
