namespace AgentFlow;

/// <summary>One thing that happened in a thread.</summary>
public enum ThreadStepKind
{
    /// <summary>A message was sent.</summary>
    Message = 0,

    /// <summary>A handler finished.</summary>
    Handled = 1,

    /// <summary>A handler failed and will be tried again.</summary>
    Retried = 2,

    /// <summary>A message became a dead letter.</summary>
    DeadLettered = 3,

    /// <summary>A request waits for people.</summary>
    ApprovalRequested = 4,

    /// <summary>A person answered.</summary>
    ApprovalVoted = 5,

    /// <summary>A request was approved, refused or has expired.</summary>
    ApprovalDecided = 6,

    /// <summary>The thread ended.</summary>
    Ended = 7,
}

/// <summary>One line of a thread's timeline.</summary>
/// <param name="At">When it happened, by this process's clock.</param>
/// <param name="Kind">What happened.</param>
/// <param name="Position">The position of the message that it is about.</param>
/// <param name="Agent">The name of the agent that did it.</param>
/// <param name="Contract">The contract of the message, as <c>name@version</c>.</param>
/// <param name="Duration">How long the handler ran, or null where none did.</param>
/// <param name="Detail">An approval's id, an outcome or the type of an error; never a payload.</param>
public sealed record ThreadStep(DateTimeOffset At, ThreadStepKind Kind, long Position, string Agent, string Contract, TimeSpan? Duration, string? Detail);
