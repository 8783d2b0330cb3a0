namespace AgentFlow.Protocol.Envelopes;

/// <summary>What an envelope is.</summary>
public enum EnvelopeKind : byte
{
    /// <summary>Carries frames of the application.</summary>
    App = 1,

    /// <summary>Starts a thread, or changes its members, keys or policy.</summary>
    Commit = 2,

    /// <summary>Carries no frame: it says that the sender lives and what it has seen.</summary>
    Heartbeat = 4,
}
