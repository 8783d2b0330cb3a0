namespace AgentFlow.Storage;

/// <summary>One write that waits for, or takes part in, a commit.</summary>
internal abstract class WriteOperation
{
    public required int Bytes { get; init; }

    public required WriteKind Kind { get; init; }

    public required CancellationToken CancellationToken { get; init; }

    public abstract void Run(WriteSession session);

    public abstract void Complete();

    public abstract void Fail(Exception error);

    public abstract void Cancel();
}

/// <inheritdoc cref="WriteOperation"/>
internal sealed class WriteOperation<TState, TResult>(TState state, Func<WriteSession, TState, TResult> work) : WriteOperation
{
    // Continuations never run on the writer thread.
    private readonly TaskCompletionSource<TResult> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TResult? _result;

    public Task<TResult> Task => _completion.Task;

    public override void Run(WriteSession session) => _result = work(session, state);

    public override void Complete() => _completion.SetResult(_result!);

    public override void Fail(Exception error) => _completion.SetException(error);

    public override void Cancel() => _completion.SetCanceled(CancellationToken);
}
