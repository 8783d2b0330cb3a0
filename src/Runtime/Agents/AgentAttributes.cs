namespace AgentFlow;

/// <summary>Declares an agent: a class whose public methods named <c>Handle</c> or <c>HandleAsync</c> take messages.</summary>
/// <remarks>
/// <para>One instance serves the process, so handlers of different threads may run at once; within a thread they run one after another.</para>
/// <list type="table">
/// <listheader><term>Part of a handler</term><description>What is legal</description></listheader>
/// <item><term>first parameter</term><description>a message <c>T</c>, or <see cref="Approved{T}"/>, <see cref="Rejected{T}"/>, <see cref="Expired{T}"/> of a gated one</description></item>
/// <item><term>further parameters</term><description><see cref="MessageContext"/>, a <c>[ThreadState]</c> class, <see cref="CancellationToken"/>, services</description></item>
/// <item><term>return type</term><description><c>T</c>, <c>Task&lt;T&gt;</c>, <c>ValueTask&lt;T&gt;</c>, <c>IAsyncEnumerable&lt;T&gt;</c>, a tuple, <see cref="OneOf{T1, T2}"/>, <c>void</c>, <c>Task</c>, <c>ValueTask</c>; a null message is not sent</description></item>
/// </list>
/// </remarks>
/// <param name="name">The agent's name: lower case letters, digits and hyphens, 1 to 64 characters.</param>
/// <example><code>
/// [Agent("qa")]
/// public sealed class QaAgent
/// {
///     public Tested Handle(Built message) => new(message.Service, message.Version, Passed: 412, Failed: 0);
/// }
/// </code></example>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class AgentAttribute(string name) : Attribute
{
    /// <summary>The agent's name.</summary>
    public string Name { get; } = name;
}

/// <summary>Marks a handler that watches a contract which another agent takes.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ObserverAttribute : Attribute;

/// <summary>Declares a contract that a handler of this agent sends through <see cref="MessageContext.SendAsync{T}(T)"/>, so that the route is known at build time.</summary>
/// <param name="contract">The contract.</param>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true, Inherited = false)]
public sealed class SendsAttribute(Type contract) : Attribute
{
    /// <summary>The contract.</summary>
    public Type Contract { get; } = contract;
}

/// <summary>Says how a failing handler is retried before its message becomes a dead letter.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class RetryAttribute : Attribute
{
    /// <summary>How many times it is tried in all.</summary>
    /// <value>1 to 100; the default is 5.</value>
    public int Max { get; set; } = 5;

    /// <summary>The first and the longest pause, doubled from one to the other: <c>"1s..1m"</c>.</summary>
    /// <value>The default is <c>"1s..1m"</c>.</value>
    public string Backoff { get; set; } = "1s..1m";
}

/// <summary>Declares the state of a thread on a <c>partial</c> class: a handler takes it as a parameter, and its changes are stored in the handler's transaction.</summary>
/// <param name="name">The name of the state: dotted, lower case.</param>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class ThreadStateAttribute(string name) : Attribute
{
    /// <summary>The name of the state.</summary>
    public string Name { get; } = name;

    /// <summary>The version of the state's shape.</summary>
    /// <value>The default is 1.</value>
    public int Version { get; set; } = 1;
}
