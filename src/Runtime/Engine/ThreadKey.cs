namespace AgentFlow.Engine;

/// <summary>A thread as one local agent has it: the unit of serial processing.</summary>
internal readonly record struct ThreadKey(AgentId Agent, ThreadId Thread);
