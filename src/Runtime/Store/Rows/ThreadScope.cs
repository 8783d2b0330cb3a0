using AgentFlow.Store.Sealing;

namespace AgentFlow.Store.Rows;

/// <summary>A thread's row number and its sealer, for one piece of reading or preparing.</summary>
internal sealed class ThreadScope(long number, AgentId agent, ThreadId thread, RecordSealer sealer) : IDisposable
{
    public long Number { get; } = number;

    public AgentId Agent { get; } = agent;

    public ThreadId Thread { get; } = thread;

    public RecordSealer Sealer { get; } = sealer;

    /// <summary>Opens a wrapped storage key.</summary>
    /// <exception cref="AgentStoreException">It does not open.</exception>
    public static RecordSealer Unwrap(RecordSealer device, AgentId agent, ThreadId thread, ReadOnlySpan<byte> wrapped) =>
        device.Unwrap(agent, thread, wrapped) ?? throw AgentStoreException.Damaged("storage key");

    public void Dispose() => Sealer.Dispose();
}

/// <summary>The sealers of the threads that one query over many threads meets.</summary>
internal sealed class ThreadScopes(RecordSealer device) : IDisposable
{
    private readonly Dictionary<(AgentId, ThreadId), ThreadScope> _scopes = [];

    public ThreadScope Of(AgentId agent, ThreadId thread, ReadOnlySpan<byte> wrapped)
    {
        if (!_scopes.TryGetValue((agent, thread), out var scope))
            _scopes[(agent, thread)] = scope = new ThreadScope(0, agent, thread, ThreadScope.Unwrap(device, agent, thread, wrapped));
        return scope;
    }

    public void Dispose()
    {
        foreach (var scope in _scopes.Values)
            scope.Dispose();
    }
}
