namespace AgentFlow;

/// <summary>How much stricter an app is than a gated contract says. It binds the threads that start after it was configured; it never loosens.</summary>
/// <param name="Quorum">The least number of distinct people, or null for the contract's. A smaller one than the contract's has no effect.</param>
/// <param name="ExpiresAfter">The longest that a request waits, or null for the contract's lifetime. A longer one than the contract's has no effect.</param>
public sealed record TightenedApproval(int? Quorum = null, TimeSpan? ExpiresAfter = null)
{
    internal int Apply(int quorum) => Math.Max(quorum, Quorum ?? quorum);

    internal TimeSpan Apply(TimeSpan lifetime) => ExpiresAfter is { } shorter && shorter < lifetime ? shorter : lifetime;
}
