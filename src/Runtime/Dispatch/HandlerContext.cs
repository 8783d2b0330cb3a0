using AgentFlow.Contracts;
using AgentFlow.Diagnostics;
using AgentFlow.SourceGeneration;
using AgentFlow.Storage;

namespace AgentFlow.Dispatch;

/// <summary>
/// The context of one handler call. One instance serves a thread's handlers one after another, so that a dispatch allocates nothing of its own.
/// </summary>
internal sealed class HandlerContext(
    AgentId agent, IServiceProvider services, ContractCatalogue catalogue, StepResultCodec results, IStepJournal journal) : MessageContext
{
    private readonly List<Emission> _emissions = [];
    private readonly HashSet<string> _steps = new(StringComparer.Ordinal);
    private AgentDescriptor? _descriptor;
    private MessageCause _cause;
    private LoadedState? _state;
    private CancellationToken _cancellationToken;
    private int _attempt;
    private bool _isOpen;

    public override ThreadId Thread => _cause.Thread;

    public override MessageId MessageId => _cause.MessageId;

    public override long Position => _cause.Position;

    public override AgentId Sender => _cause.Sender;

    public override AgentId Agent => agent;

    public override int Attempt => _attempt;

    public override IServiceProvider Services => services;

    public override CancellationToken CancellationToken => _cancellationToken;

    public IReadOnlyList<Emission> Emissions => _emissions;

    public void Begin(AgentDescriptor descriptor, in MessageCause cause, int attempt, LoadedState? state, CancellationToken cancellationToken)
    {
        _emissions.Clear();
        _steps.Clear();
        _descriptor = descriptor;
        _cause = cause;
        _attempt = attempt;
        _state = state;
        _cancellationToken = cancellationToken;
        _isOpen = true;
    }

    public void End() => _isOpen = false;

    /// <summary>Forgets the messages, so that a context that waits for its next call keeps no payload alive.</summary>
    public void Clear()
    {
        _emissions.Clear();
        _state = null;
    }

    public override ValueTask SendAsync<T>(T message)
    {
        Add(Declared<T>(message), message, null);
        return default;
    }

    public override ValueTask ScheduleAsync<T>(T message, TimeSpan after)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(after, TimeSpan.Zero);
        Add(Declared<T>(message), message, after);
        return default;
    }

    public override void Emit<T>(MessageDescriptor<T> descriptor, T? message)
        where T : class
    {
        if (message is not null)
            Add(catalogue.Get(descriptor), message, null);
    }

    public override T State<T>(StateDescriptor<T> descriptor) => _state?.Descriptor == descriptor
        ? (T)_state.Value
        : throw new InvalidOperationException($"The handler of '{agent}' did not declare the state '{descriptor.Name}'. Take it as a parameter.");

    public override async ValueTask<TResult> StepAsync<TResult>(
        string name, Func<StepKey, CancellationToken, ValueTask<TResult>> step, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(step);
        EnsureOpen();
        if (!_steps.Add(name))
            throw new InvalidOperationException(
                $"The step '{name}' is used twice in one handler: the second would read the result of the first. Give it another name (AGF0107).");
        byte[] key = CauseHash.JournalKey(_cause, name);
        if (await journal.FindAsync(key, cancellationToken).ConfigureAwait(false) is { } finished)
            return results.Read<TResult>(finished.Span);
        var stepKey = new StepKey(new Guid((_cause.IsApproved ? EffectKey.Of(_cause.Envelope) : key).AsSpan(0, 16), bigEndian: true));
        var result = await step(stepKey, cancellationToken).ConfigureAwait(false);
        FailPoint.Hit(FailPoints.BetweenEffectAndJournal);
        var standing = await journal.AddAsync(key, results.Write(result), cancellationToken).ConfigureAwait(false);
        FailPoint.Hit(FailPoints.AfterJournal);
        return results.Read<TResult>(standing.Span);
    }

    private ContractEntry Declared<T>(T message)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(message);
        var contract = catalogue.Get(typeof(T));
        foreach (var sent in _descriptor!.Sends)
        {
            if (sent.ClrType == typeof(T))
                return contract;
        }

        throw new InvalidOperationException(
            $"Agent '{_descriptor.Name}' does not declare that it sends '{contract}'. Add [Sends(typeof({typeof(T).Name}))] to its class (AGF0108).");
    }

    private void Add(ContractEntry contract, object message, TimeSpan? after)
    {
        EnsureOpen();
        _emissions.Add(new Emission(contract, message, after));
    }

    private void EnsureOpen()
    {
        if (!_isOpen)
            throw new InvalidOperationException(
                "The handler has ended, and its context with it. Await everything that uses the context before the handler returns.");
    }
}
