using System.ComponentModel;

namespace AgentFlow.SourceGeneration;

/// <summary>Tells the builds of other projects what routing needs to know of a contract of this assembly. Written by generated code; not for direct
/// use.</summary>
/// <param name="contract">The contract, written <c>name@version</c>.</param>
/// <param name="type">The name of its CLR type.</param>
[AttributeUsage(AttributeTargets.Assembly, AllowMultiple = true)]
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class AgentFlowContractAttribute(string contract, string type) : Attribute
{
    /// <summary>The contract, written <c>name@version</c>.</summary>
    public string Contract { get; } = contract;

    /// <summary>The name of its CLR type.</summary>
    public string Type { get; } = type;

    /// <summary>Its approval requirements, in order: role, quorum and lifetime, three texts each.</summary>
    public string[] Gates { get; set; } = [];

    /// <summary>Whether a rejection and an expiry must be handled.</summary>
    public bool MustHandle { get; set; }

    /// <summary>How sending it ends the thread.</summary>
    public ThreadOutcome Ends { get; set; }

    /// <summary>The agent of another process that handles it, or null.</summary>
    public string? Route { get; set; }

    /// <summary>How often it may be sent in a thread, or 0 where that is not bounded.</summary>
    public int MaxHops { get; set; }

    /// <summary>The older versions that it can be read from.</summary>
    public int[] UpcastsFrom { get; set; } = [];
}

/// <summary>Tells the builds of other projects of an agent of this assembly. Written by generated code; not for direct use.</summary>
/// <param name="name">The agent's name.</param>
/// <param name="type">The metadata name of its CLR type.</param>
[AttributeUsage(AttributeTargets.Assembly, AllowMultiple = true)]
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class AgentFlowAgentAttribute(string name, string type) : Attribute
{
    /// <summary>The agent's name.</summary>
    public string Name { get; } = name;

    /// <summary>The metadata name of its CLR type.</summary>
    public string Type { get; } = type;

    /// <summary>The contracts that its <c>[Sends]</c> declare.</summary>
    public string[] Sends { get; set; } = [];

    /// <summary>Its source file, relative to the project.</summary>
    public string File { get; set; } = "";

    /// <summary>The line of its declaration, from 1.</summary>
    public int Line { get; set; }
}

/// <summary>Tells the builds of other projects of a handler of this assembly. Written by generated code; not for direct use.</summary>
/// <param name="agentType">The metadata name of the agent's CLR type.</param>
/// <param name="contract">The contract that it takes, written <c>name@version</c>.</param>
/// <param name="kind">In which form it takes it.</param>
[AttributeUsage(AttributeTargets.Assembly, AllowMultiple = true)]
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class AgentFlowHandlerAttribute(string agentType, string contract, HandlerKind kind) : Attribute
{
    /// <summary>The metadata name of the agent's CLR type.</summary>
    public string AgentType { get; } = agentType;

    /// <summary>The contract that it takes, written <c>name@version</c>.</summary>
    public string Contract { get; } = contract;

    /// <summary>In which form it takes it.</summary>
    public HandlerKind Kind { get; } = kind;

    /// <summary>Whether it only watches.</summary>
    public bool IsObserver { get; set; }

    /// <summary>The contracts that its signature sends.</summary>
    public string[] Sends { get; set; } = [];
}
