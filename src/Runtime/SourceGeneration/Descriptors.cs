namespace AgentFlow.SourceGeneration;

/// <summary>A member of a contract.</summary>
/// <param name="Name">The CLR name.</param>
/// <param name="JsonName">The camelCase name.</param>
/// <param name="Number">The protobuf field number.</param>
/// <param name="IsSensitive">Whether its value is masked.</param>
/// <param name="ChangedFrom">The CLR name of the member that holds the present value, or null.</param>
/// <param name="Documentation">The first sentence of its XML documentation, or null.</param>
public sealed record MemberDescriptor(string Name, string JsonName, int Number, bool IsSensitive, string? ChangedFrom, string? Documentation);

/// <summary>A member's value as text.</summary>
/// <param name="Name">The CLR name.</param>
/// <param name="Text">The value in the invariant culture, or a mask. What is not seen in it is escaped, so it is one line.</param>
/// <param name="OldText">The value of its <c>[ChangedFrom]</c> member, or null.</param>
public readonly record struct MemberText(string Name, string Text, string? OldText)
{
    /// <summary>The value itself where it is free text, else null.</summary>
    internal string? FreeText { get; init; }

    /// <summary>The text as it stands among the members of a nested value, where a delimiter in it must not count.</summary>
    internal string NestedText => FreeText is { } value ? VisibleText.Quote(value) : Text;
}

/// <summary>One <c>[RequiresApproval]</c>.</summary>
/// <param name="RuleId">Its 1-based number on the contract.</param>
/// <param name="Role">The role whose people decide.</param>
/// <param name="Quorum">How many distinct people must say yes.</param>
/// <param name="Lifetime">How long a request may wait.</param>
/// <param name="DenyEnds">Whether one no refuses the request.</param>
public sealed record ApprovalRequirement(byte RuleId, string Role, byte Quorum, TimeSpan Lifetime, bool DenyEnds);

/// <summary>The way from an older version of a contract to the present one.</summary>
/// <param name="From">The older version.</param>
/// <param name="Upcast">Turns a message of it into one of the present version.</param>
public sealed record UpcastDescriptor(MessageDescriptor From, Func<object, object> Upcast);

/// <summary>What a handler takes.</summary>
public enum HandlerKind
{
    /// <summary>The message itself.</summary>
    Message,

    /// <summary><see cref="Approved{T}"/>.</summary>
    Approved,

    /// <summary><see cref="Rejected{T}"/>.</summary>
    Rejected,

    /// <summary><see cref="Expired{T}"/>.</summary>
    Expired,
}

/// <summary>Calls a handler: casts the agent and the message (for a gated contract, its wrapper), fills the other parameters and emits what it returns.</summary>
public delegate ValueTask HandlerThunk(object agent, object message, MessageContext context);

/// <summary>A handler method.</summary>
public sealed class HandlerDescriptor
{
    /// <summary>The contract that it takes.</summary>
    public required MessageDescriptor Message { get; init; }

    /// <summary>In which form it takes it.</summary>
    public required HandlerKind Kind { get; init; }

    /// <summary>Whether it only watches.</summary>
    public bool IsObserver { get; init; }

    /// <summary>The contracts that its signature sends.</summary>
    public IReadOnlyList<MessageDescriptor> Sends { get; init; } = [];

    /// <summary>The thread state that it takes, or null.</summary>
    public StateDescriptor? State { get; init; }

    /// <summary>How it is retried.</summary>
    public RetryPolicy Retry { get; init; } = RetryPolicy.Default;

    /// <summary>Calls it.</summary>
    public required HandlerThunk Invoke { get; init; }
}

/// <summary>How a failing handler is retried.</summary>
/// <param name="MaxAttempts">How many times it is tried in all, from 1.</param>
/// <param name="FirstPause">The pause after the first failure; it doubles each time.</param>
/// <param name="LongestPause">The longest pause.</param>
public sealed record RetryPolicy(int MaxAttempts, TimeSpan FirstPause, TimeSpan LongestPause)
{
    /// <summary>Five tries, one second to one minute.</summary>
    public static RetryPolicy Default { get; } = new(5, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(1));
}

/// <summary>An agent class.</summary>
public sealed class AgentDescriptor
{
    /// <summary>The agent's name.</summary>
    public required string Name { get; init; }

    /// <summary>The CLR type.</summary>
    public required Type ClrType { get; init; }

    /// <summary>Makes the instance, its constructor's parameters taken from the services.</summary>
    public required Func<IServiceProvider, object> Create { get; init; }

    /// <summary>Its handlers.</summary>
    public required IReadOnlyList<HandlerDescriptor> Handlers { get; init; }

    /// <summary>The contracts that <c>[Sends]</c> declares.</summary>
    public IReadOnlyList<MessageDescriptor> Sends { get; init; } = [];
}

/// <summary>Everything of one assembly.</summary>
public sealed class ModuleDescriptor
{
    /// <summary>The assembly's name.</summary>
    public required string Assembly { get; init; }

    /// <summary>Its contracts, by name and version.</summary>
    public required IReadOnlyList<MessageDescriptor> Messages { get; init; }

    /// <summary>Its agents, by name.</summary>
    public required IReadOnlyList<AgentDescriptor> Agents { get; init; }

    /// <summary>Its route graph as JSON.</summary>
    public required string GraphJson { get; init; }

    /// <summary>Its route graph as Mermaid text.</summary>
    public required string GraphMermaid { get; init; }

    /// <summary>Codecs of the types that steps may return, by CLR type.</summary>
    public IReadOnlyDictionary<Type, object> Codecs { get; init; } = new Dictionary<Type, object>();
}

/// <summary>The state of a thread.</summary>
public abstract class StateDescriptor
{
    private protected StateDescriptor()
    {
    }

    /// <summary>The name.</summary>
    public required string Name { get; init; }

    /// <summary>The version of its shape.</summary>
    public required int Version { get; init; }

    internal abstract object CreateNew();

    internal abstract void Write(ref Protocol.Codec.ProtobufWriter writer, object state);

    internal abstract object? Read(ref Protocol.Codec.ProtobufReader reader);
}

/// <summary>The state of a thread, of a known type.</summary>
/// <typeparam name="T">The CLR type.</typeparam>
public sealed class StateDescriptor<T> : StateDescriptor
    where T : class
{
    /// <summary>Makes an empty state.</summary>
    public required Func<T> Create { get; init; }

    /// <summary>Reads and writes it.</summary>
    public required PayloadCodec<T> Codec { get; init; }

    internal override object CreateNew() => Create();

    internal override void Write(ref Protocol.Codec.ProtobufWriter writer, object state) => Codec.WriteProtobuf(ref writer, (T)state);

    internal override object? Read(ref Protocol.Codec.ProtobufReader reader) => Codec.ReadProtobuf(ref reader);
}

/// <summary>Names the module class of an assembly, so that an executable can compose it.</summary>
/// <param name="module">The generated static class with a <c>Descriptor</c> property.</param>
[AttributeUsage(AttributeTargets.Assembly)]
public sealed class AgentFlowModuleAttribute(Type module) : Attribute
{
    /// <summary>The generated class.</summary>
    public Type Module { get; } = module;
}
