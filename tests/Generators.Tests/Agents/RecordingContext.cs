using AgentFlow.SourceGeneration;

namespace AgentFlow.Generators.Tests.Agents;

/// <summary>Writes down what a thunk does with its context.</summary>
internal sealed class RecordingContext(IServiceProvider services, CancellationToken cancellationToken) : MessageContext
{
    /// <summary>Each message that was emitted, as "contract: message"; a null message as "contract: nothing".</summary>
    public List<string> Emitted { get; } = [];

    /// <summary>The thread's state, made when it is first asked for.</summary>
    public object? StateObject { get; private set; }

    public override ThreadId Thread => default;

    public override MessageId MessageId => default;

    public override long Position => 1;

    public override AgentId Sender => default;

    public override AgentId Agent => default;

    public override int Attempt => 1;

    public override IServiceProvider Services => services;

    public override CancellationToken CancellationToken => cancellationToken;

    public override ValueTask SendAsync<T>(T message)
    {
        Emitted.Add("sent: " + message);
        return default;
    }

    public override ValueTask ScheduleAsync<T>(T message, TimeSpan after) => SendAsync(message);

    public override ValueTask<TResult> StepAsync<TResult>(string name, Func<StepKey, CancellationToken, ValueTask<TResult>> step, CancellationToken cancellationToken = default) =>
        step(default, cancellationToken);

    public override void Emit<T>(MessageDescriptor<T> descriptor, T? message)
        where T : class => Emitted.Add($"{descriptor}: {message?.ToString() ?? "nothing"}");

    public override T State<T>(StateDescriptor<T> descriptor) => (T)(StateObject ??= descriptor.Create());
}
