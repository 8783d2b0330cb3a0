namespace AgentFlow;

/// <summary>A message whose handler failed too often, or whose contract needs newer code. Its thread is parked for that agent until it is retried.</summary>
/// <param name="Id">The id.</param>
/// <param name="Thread">The thread.</param>
/// <param name="Agent">The name of the agent.</param>
/// <param name="Position">The position of the message.</param>
/// <param name="Contract">The contract, or its id where it is unknown here.</param>
/// <param name="Attempts">How often it was tried.</param>
/// <param name="Cause">The type of the error and where it came from; never a payload.</param>
/// <param name="At">When it was given up.</param>
public sealed record DeadLetter(string Id, ThreadId Thread, string Agent, long Position, string Contract, int Attempts, string Cause, DateTimeOffset At);
