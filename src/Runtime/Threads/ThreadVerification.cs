namespace AgentFlow;

/// <summary>What a check of a thread's whole log found.</summary>
/// <param name="Thread">The thread.</param>
/// <param name="Head">How many positions the hub has.</param>
/// <param name="Faults">What is wrong, one sentence each; empty where every signature, number and hash is right and every local member saw the same.</param>
public sealed record ThreadVerification(ThreadId Thread, long Head, IReadOnlyList<string> Faults)
{
    /// <summary>Whether nothing is wrong.</summary>
    public bool IsValid => Faults.Count == 0;

    /// <summary>What the members of this process kept of forks, at most one each; empty as long as none was seen.</summary>
    public IReadOnlyList<ThreadForkEvidence> Evidence { get; init; } = [];
}
