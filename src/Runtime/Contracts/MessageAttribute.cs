namespace AgentFlow;

/// <summary>Declares a message contract on a <c>partial</c> record or class.</summary>
/// <param name="name">The wire name: dotted, lower case, 1 to 128 characters. It is never the CLR name.</param>
/// <example><code>[Message("release.built")] public sealed partial record Built(string Service, string Version);</code></example>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class MessageAttribute(string name) : Attribute
{
    /// <summary>The wire name.</summary>
    public string Name { get; } = name;

    /// <summary>The version, written <c>name@version</c>.</summary>
    /// <value>1 to 65,535; the default is 1.</value>
    public int Version { get; set; } = 1;
}

/// <summary>Declares a record or class that is a part of messages and no message itself. It must be <c>partial</c>.</summary>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class PayloadAttribute : Attribute;

/// <summary>Fixes the protobuf field number of a member. Without it, numbers follow the order of declaration from 1.</summary>
/// <param name="number">1 to 536,870,911, without 19,000 to 19,999.</param>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Parameter)]
public sealed class FieldAttribute(int number) : Attribute
{
    /// <summary>The field number.</summary>
    public int Number { get; } = number;
}

/// <summary>Names one case of a closed hierarchy on its abstract base: a protobuf <c>oneof</c>, and <c>$case</c> in JSON.</summary>
/// <param name="number">The field number of the case, from 1.</param>
/// <param name="type">The case: a sealed type that derives from the base.</param>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true, Inherited = false)]
public sealed class CaseAttribute(int number, Type type) : Attribute
{
    /// <summary>The field number of the case.</summary>
    public int Number { get; } = number;

    /// <summary>The type of the case.</summary>
    public Type Type { get; } = type;
}

/// <summary>Marks a member whose value is masked in logs, in <c>ToString()</c> and in the inbox.</summary>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Parameter)]
public sealed class SensitiveAttribute : Attribute;

/// <summary>Marks a static method <c>static New From(Old old)</c> as the way from an older version of a contract to this one.</summary>
/// <param name="version">The older version.</param>
[AttributeUsage(AttributeTargets.Method)]
public sealed class UpcastFromAttribute(int version) : Attribute
{
    /// <summary>The older version.</summary>
    public int Version { get; } = version;
}

/// <summary>Says that sending this contract ends the thread.</summary>
/// <param name="outcome">How the thread ends; <see cref="ThreadOutcome.Completed"/> or <see cref="ThreadOutcome.Failed"/>.</param>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class EndsThreadAttribute(ThreadOutcome outcome = ThreadOutcome.Completed) : Attribute
{
    /// <summary>How the thread ends.</summary>
    public ThreadOutcome Outcome { get; } = outcome;
}

/// <summary>Names an agent of another process that handles this contract. It is found in the hub's directory at run time and drawn dashed.</summary>
/// <param name="agent">The agent's name.</param>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class RouteAttribute(string agent) : Attribute
{
    /// <summary>The agent's name.</summary>
    public string Agent { get; } = agent;
}

/// <summary>Bounds how often a contract may be sent in one thread, which makes a cycle of routes legal. The first one beyond becomes a dead letter and parks the thread.</summary>
/// <remarks>A gated contract is not counted: people stop it.</remarks>
/// <param name="count">The most times, 1 to 1,000,000.</param>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class MaxHopsAttribute(int count) : Attribute
{
    /// <summary>The most times.</summary>
    public int Count { get; } = count;
}
