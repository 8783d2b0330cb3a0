namespace AgentFlow.Hub.Checks;

/// <summary>What a check found in the log of one thread.</summary>
/// <param name="Thread">The thread.</param>
/// <param name="Head">Its newest position.</param>
/// <param name="Hash">The thread hash at that position, which is made of every envelope up to it; zeros while it is empty.</param>
/// <param name="Hidden">How many envelopes have expired or were trimmed, so that their bodies cannot be checked any more.</param>
/// <param name="Fault">What is wrong, or null.</param>
public sealed record ThreadReport(ThreadId Thread, long Head, Bytes32 Hash, long Hidden, string? Fault);
