using AgentFlow.Contracts;

namespace AgentFlow.Dispatch;

/// <summary>A message that a handler sends when its transaction commits; after a pause, if one is given.</summary>
internal readonly record struct Emission(ContractEntry Contract, object Message, TimeSpan? After);
