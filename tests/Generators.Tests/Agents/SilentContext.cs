using AgentFlow.SourceGeneration;

namespace AgentFlow.Generators.Tests.Agents;

/// <summary>A context that does nothing and allocates nothing.</summary>
internal sealed class SilentContext : MessageContext
{
    public override ThreadId Thread => default;

    public override MessageId MessageId => default;

    public override long Position => 1;

    public override AgentId Sender => default;

    public override AgentId Agent => default;

    public override int Attempt => 1;

    public override IServiceProvider Services { get; } = new Services();

    public override CancellationToken CancellationToken => default;

    public override ValueTask SendAsync<T>(T message) => default;

    public override ValueTask ScheduleAsync<T>(T message, TimeSpan after) => default;

    public override ValueTask<TResult> StepAsync<TResult>(string name, Func<StepKey, CancellationToken, ValueTask<TResult>> step, CancellationToken cancellationToken = default) =>
        step(default, cancellationToken);

    public override void Emit<T>(MessageDescriptor<T> descriptor, T? message)
        where T : class
    {
    }

    public override T State<T>(StateDescriptor<T> descriptor) => descriptor.Create();
}
