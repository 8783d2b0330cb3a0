using System.ComponentModel;
using AgentFlow.SourceGeneration;

namespace AgentFlow;

/// <summary>What a handler may ask and do beside returning messages. Valid until the handler ends; not thread-safe.</summary>
public abstract class MessageContext
{
    /// <summary>The thread that the message stands in.</summary>
    public abstract ThreadId Thread { get; }

    /// <summary>The id of the message's envelope.</summary>
    public abstract MessageId MessageId { get; }

    /// <summary>The position of the message in the thread.</summary>
    public abstract long Position { get; }

    /// <summary>Who sent the message, as its signature proves.</summary>
    public abstract AgentId Sender { get; }

    /// <summary>The agent that handles it.</summary>
    public abstract AgentId Agent { get; }

    /// <summary>Which try this is, from 1.</summary>
    public abstract int Attempt { get; }

    /// <summary>The services of the host.</summary>
    public abstract IServiceProvider Services { get; }

    /// <summary>Cancelled when the host stops or the lease is lost.</summary>
    public abstract CancellationToken CancellationToken { get; }

    /// <summary>Sends a message in this thread when the handler's transaction commits. Needs <c>[Sends(typeof(T))]</c> on the agent.</summary>
    /// <exception cref="InvalidOperationException">No contract is registered for <typeparamref name="T"/>.</exception>
    public abstract ValueTask SendAsync<T>(T message)
        where T : class;

    /// <summary>Sends a message in this thread after a pause, by a durable timer. Needs <c>[Sends(typeof(T))]</c> on the agent.</summary>
    public abstract ValueTask ScheduleAsync<T>(T message, TimeSpan after)
        where T : class;

    /// <summary>Runs a named side effect at least once and journals its result: a finished step is never run again in this thread for this message.</summary>
    /// <param name="name">The step's name, once in a handler.</param>
    /// <param name="step">The effect. Its key is stable over crashes and retries: pass it to external systems as idempotency key.</param>
    /// <param name="cancellationToken">Cancels the effect.</param>
    /// <typeparam name="TResult">A <c>[Message]</c> or <c>[Payload]</c> type, <see cref="string"/>, <see cref="bool"/>, <see cref="int"/>, <see cref="long"/> or <c>byte[]</c>.</typeparam>
    public abstract ValueTask<TResult> StepAsync<TResult>(string name, Func<StepKey, CancellationToken, ValueTask<TResult>> step, CancellationToken cancellationToken = default);

    /// <summary>Called by generated code; not for direct use. Queues a message that a handler returned.</summary>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public abstract void Emit<T>(MessageDescriptor<T> descriptor, T? message)
        where T : class;

    /// <summary>Called by generated code; not for direct use. The state that the handler declared.</summary>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public abstract T State<T>(StateDescriptor<T> descriptor)
        where T : class;
}

/// <summary>The idempotency key of a step: the same over every try of the same step of the same message.</summary>
/// <param name="Value">16 bytes of a hash of thread, message and step name; for a step under <see cref="Approved{T}"/>, of the request itself.</param>
public readonly record struct StepKey(Guid Value)
{
    /// <summary>The key as 32 hexadecimal digits.</summary>
    public override string ToString() => Value.ToString("N");
}
