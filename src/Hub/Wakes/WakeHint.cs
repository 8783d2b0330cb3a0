namespace AgentFlow.Hub.Wakes;

/// <summary>What a hint is about.</summary>
public enum WakeKind
{
    /// <summary>A thread has a new envelope.</summary>
    Thread,

    /// <summary>An agent's inbox has something new.</summary>
    Agent,

    /// <summary>Hints may have been lost: whoever listens looks at the store. The key says nothing.</summary>
    Everything,
}

/// <summary>A hint that something changed. It may be lost, doubled, early or out of order, so it carries no data: look at the store.</summary>
/// <param name="Kind">What changed.</param>
/// <param name="Key">The 32 bytes of the thread's or agent's id.</param>
public readonly record struct WakeHint(WakeKind Kind, Bytes32 Key);
