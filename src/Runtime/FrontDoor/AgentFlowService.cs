using AgentFlow.Diagnostics;
using AgentFlow.Engine;
using AgentFlow.Store;

namespace AgentFlow.FrontDoor;

/// <summary>The front door, open while the runtime runs.</summary>
internal sealed class AgentFlowService(IRunningFlow flow, IApprovals approvals) : IAgentFlow
{
    private const int MostDeadLetters = 10_000;

    private EngineServices Engine => flow.Running.Engine;

    private ThreadReader Reader => flow.Running.Reader;

    public IApprovals Approvals => approvals;

    public AgentId App => flow.Running.App;

    public ValueTask<ThreadId> StartThreadAsync<T>(T message, StartThreadOptions? options = null, CancellationToken cancellationToken = default)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(message);
        if (options?.IdempotencyKey is { } key && key.Length is 0 or > 256)
            throw new ArgumentException("An idempotency key has 1 to 256 characters.", nameof(options));
        return flow.Running.Starter.StartAsync(Engine.Catalogue.Get(typeof(T)), message, options?.IdempotencyKey, cancellationToken);
    }

    public ValueTask<ThreadInfo?> GetThreadAsync(ThreadId thread, CancellationToken cancellationToken = default) => Reader.ReadAsync(thread, cancellationToken);

    public ValueTask<IReadOnlyList<ThreadInfo>> ListThreadsAsync(int maxCount = 100, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maxCount, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(maxCount, 10_000);
        return Reader.ListAsync(maxCount, cancellationToken);
    }

    public ValueTask<ThreadInfo> WaitForOutcomeAsync(ThreadId thread, CancellationToken cancellationToken = default) =>
        Reader.WaitAsync(thread, static _ => false, cancellationToken);

    public ValueTask<ThreadInfo> WaitForAsync(ThreadId thread, Func<ThreadInfo, bool> condition, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(condition);
        return Reader.WaitAsync(thread, condition, cancellationToken);
    }

    public ValueTask<IReadOnlyList<ThreadStep>> ReadStepsAsync(ThreadId thread, CancellationToken cancellationToken = default) =>
        Reader.ReadStepsAsync(thread, cancellationToken);

    public IAsyncEnumerable<ThreadStep> WatchStepsAsync(
        ThreadId thread, CancellationToken cancellationToken = default) => Reader.WatchStepsAsync(thread, cancellationToken);

    public ValueTask<IReadOnlyList<ThreadMessage>> ReadMessagesAsync(ThreadId thread, CancellationToken cancellationToken = default) =>
        new MessageReader(Engine).ReadAsync(thread, cancellationToken);

    public ValueTask<ThreadVerification> VerifyThreadAsync(ThreadId thread, CancellationToken cancellationToken = default) =>
        new ThreadVerifier(Engine).VerifyAsync(thread, cancellationToken);

    public async ValueTask<IReadOnlyList<DeadLetter>> ListDeadLettersAsync(CancellationToken cancellationToken = default)
    {
        var engine = Engine;
        var rows = await engine.Store.ListDeadLettersAsync(null, null, MostDeadLetters, cancellationToken).ConfigureAwait(false);
        return [.. rows.Select(row => DeadLetters.Describe(row, engine.NameOf(row.Agent)))];
    }

    public async ValueTask<bool> RetryDeadLetterAsync(string id, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(id);
        var engine = Engine;
        if (!DeadLetters.TryParse(id, out var key, out var frame) || !engine.Agents.ContainsKey(key.Agent))
            return false;
        bool isFound = false;
        await ProcessorCalls.RunAsync(
            engine,
            key,
            async (processor, token) => isFound = await DeadLetters.RetryAsync(engine, processor, frame, token).ConfigureAwait(false),
            cancellationToken).ConfigureAwait(false);
        if (isFound)
            Telemetry.DeadLetters.Add(-1);
        return isFound;
    }

    public async ValueTask DestroyThreadAsync(ThreadId thread, CancellationToken cancellationToken = default)
    {
        var engine = Engine;
        foreach (var agent in engine.Agents.Keys)
        {
            await ProcessorCalls.RunAsync(
                engine,
                new ThreadKey(agent, thread),
                async (processor, token) =>
                {
                    processor.Dispose();
                    await engine.Store.DestroyThreadAsync(agent, thread, token).ConfigureAwait(false);
                },
                cancellationToken).ConfigureAwait(false);
        }

        engine.Signals.Changed(thread);
    }
}
