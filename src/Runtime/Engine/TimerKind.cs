namespace AgentFlow.Engine;

/// <summary>What a durable timer is for. The numbers are stored.</summary>
internal static class TimerKind
{
    /// <summary>The next try of a failed handler; payload = the tries so far.</summary>
    public const int Retry = 1;

    /// <summary>A scheduled message; payload = its frame.</summary>
    public const int Scheduled = 2;

    /// <summary>The end of an approval's life; key = E of the request.</summary>
    public const int ApprovalExpiry = 3;
}
