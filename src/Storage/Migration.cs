namespace AgentFlow.Storage;

/// <summary>One step of a schema. Steps are numbered by their place in the list, from 1; each runs once, in a transaction. A released step never changes.</summary>
/// <param name="Name">What the step does, for error messages.</param>
/// <param name="Sql">One or more statements, ended by semicolons.</param>
public sealed record Migration(string Name, string Sql);
