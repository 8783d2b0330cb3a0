namespace AgentFlow.Hub.Wakes;

/// <summary>Loses every hint: what is left is polling. For tests, and for stores that nobody waits on.</summary>
public sealed class SilentWakes : IWakeBus
{
    /// <inheritdoc/>
    public IDisposable Subscribe(Action<WakeHint> listener) => new Nothing();

    /// <inheritdoc/>
    public void Publish(WakeHint hint)
    {
    }

    private sealed class Nothing : IDisposable
    {
        public void Dispose()
        {
        }
    }
}
