namespace AgentFlow.Store.Rows;

/// <summary>What one commit changes in the thread's own row, folded together so that the row is written once.</summary>
internal sealed class ThreadChange
{
    public byte[]? Member { get; set; }

    public long? Received { get; set; }

    public FramePosition? Dispatched { get; set; }

    public ThreadOutcome? Outcome { get; set; }

    /// <summary>The sealed reason; counts where <see cref="Outcome"/> is set.</summary>
    public byte[]? Reason { get; set; }

    public bool SetsBlocked { get; set; }

    public DateTimeOffset? BlockedUntil { get; set; }

    public bool SetsTitle { get; set; }

    public byte[]? Title { get; set; }
}
