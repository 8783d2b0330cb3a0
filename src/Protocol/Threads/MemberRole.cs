namespace AgentFlow.Protocol.Threads;

/// <summary>What a leaf may do in a thread.</summary>
/// <remarks>Valid are <see cref="Member"/>, alone or with <see cref="Admin"/> and <see cref="Approver"/>, and <see cref="ReadOnly"/> alone.</remarks>
[Flags]
public enum MemberRole : byte
{
    /// <summary>No role; never valid in a roster.</summary>
    None = 0,

    /// <summary>Sends envelopes, and Commits that change no members.</summary>
    Member = 1,

    /// <summary>Adds and removes members and changes the policy.</summary>
    Admin = 2,

    /// <summary>A hint for display: who approves what is said by the policy alone.</summary>
    Approver = 4,

    /// <summary>Reads, and sends only heartbeats.</summary>
    ReadOnly = 8,
}
