namespace AgentFlow.Hub.Wakes;

/// <summary>Where hints come from.</summary>
public interface IWakeSource
{
    /// <summary>Registers a listener until the returned value is disposed.</summary>
    /// <param name="listener">Called on any thread, also from several at once. It must return quickly and must not throw.</param>
    IDisposable Subscribe(Action<WakeHint> listener);
}

/// <summary>Where a store publishes hints after a commit.</summary>
public interface IWakeBus : IWakeSource
{
    /// <summary>Passes a hint on. Never blocks and never fails.</summary>
    void Publish(WakeHint hint);
}
