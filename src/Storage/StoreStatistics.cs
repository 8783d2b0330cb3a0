namespace AgentFlow.Storage;

/// <summary>Counters of a store since it was opened.</summary>
/// <param name="Operations">How many writes were committed.</param>
/// <param name="Commits">How many commits that took: operations divided by commits is the group-commit ratio.</param>
/// <param name="Failures">How many writes failed.</param>
/// <param name="Checkpoints">How often the write-ahead log was copied into the database.</param>
/// <param name="Queued">How many writes wait now.</param>
public readonly record struct StoreStatistics(long Operations, long Commits, long Failures, long Checkpoints, int Queued);
