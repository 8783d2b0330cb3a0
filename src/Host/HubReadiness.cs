namespace AgentFlow;

/// <summary>
/// Whether this host wants calls. A service of the host; thread-safe. A host that is about to stop says so before it stops, so that whoever spreads the load
/// sends new calls elsewhere while those under way end.
/// </summary>
public sealed class HubReadiness : IDisposable
{
    private readonly CancellationTokenSource _draining = new();

    /// <summary>Whether new calls are wanted. <c>/health/ready</c> and <c>grpc.health.v1</c> say the same.</summary>
    public bool IsWanted => !_draining.IsCancellationRequested;

    internal CancellationToken Draining => _draining.Token;

    /// <summary>Tells everybody who asks that no new calls are wanted. Calls are still answered; there is no way back.</summary>
    public void BeginDrain() => _draining.Cancel();

    /// <inheritdoc/>
    public void Dispose() => _draining.Dispose();
}
