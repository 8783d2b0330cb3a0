namespace AgentFlow;

/// <summary>How a thread stands.</summary>
public enum ThreadOutcome
{
    /// <summary>It goes on.</summary>
    Running = 0,

    /// <summary>It reached a contract that ends it.</summary>
    Completed = 1,

    /// <summary>People said no.</summary>
    Refused = 2,

    /// <summary>Nobody answered in time.</summary>
    Expired = 3,

    /// <summary>It waits for somebody to look: a dead letter, or a contract that needs newer code.</summary>
    Parked = 4,

    /// <summary>It reached a contract that ends it as failed.</summary>
    Failed = 5,
}
