using AgentFlow.Hub.Stores;

namespace AgentFlow.Hub.CrashHost;

/// <summary>One step against a store: a commit, a claim, or time that passes.</summary>
public sealed record Step(StoreCommit? Commit = null, ClaimRequest? Claim = null, TimeSpan Advance = default);
