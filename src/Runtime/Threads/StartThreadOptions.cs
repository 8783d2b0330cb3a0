namespace AgentFlow;

/// <summary>How a thread is started.</summary>
public sealed class StartThreadOptions
{
    /// <summary>A key of the caller: two starts with one key give one thread, over restarts too.</summary>
    /// <value>1 to 256 characters, or null (the default) for a new thread every time.</value>
    public string? IdempotencyKey { get; set; }
}
