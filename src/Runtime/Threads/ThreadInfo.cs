namespace AgentFlow;

/// <summary>How a thread stands, as the agents of this process know it.</summary>
/// <param name="Id">The thread.</param>
/// <param name="Outcome">How it stands.</param>
/// <param name="StartedAt">When its first message was sent.</param>
/// <param name="EndedAt">When it ended, or null.</param>
/// <param name="Position">The newest position that an agent here has received.</param>
/// <param name="PendingApprovals">The ids of the approvals that it waits for.</param>
/// <param name="Reason">Why it is parked, failed, refused or expired, without any payload; else null.</param>
public sealed record ThreadInfo(
    ThreadId Id, ThreadOutcome Outcome, DateTimeOffset StartedAt, DateTimeOffset? EndedAt, long Position, IReadOnlyList<string> PendingApprovals, string? Reason)
{
    /// <summary>Whether nothing more happens in it. A parked thread has not ended: somebody must look.</summary>
    public bool HasEnded => Outcome is not (ThreadOutcome.Running or ThreadOutcome.Parked);
}
