namespace AgentFlow.Hub.Stores;

/// <summary>How long a thread lives.</summary>
public enum ThreadKind : short
{
    /// <summary>Until it is closed and trimmed.</summary>
    Durable = 0,

    /// <summary>Every envelope expires.</summary>
    Ephemeral = 1,
}

/// <summary>Who learns of a new envelope.</summary>
public enum FanOut : short
{
    /// <summary>The inbox of every member is raised.</summary>
    Push = 0,

    /// <summary>Nobody: readers look at the head of the thread.</summary>
    Pull = 1,
}

/// <summary>A member of a thread, as the AF1 Commit says.</summary>
/// <param name="Agent">The agent.</param>
/// <param name="Role">The AF1 roles of its devices, joined by or.</param>
/// <param name="FromPosition">The position from which it is a member. A member that stays keeps its first one.</param>
public sealed record Member(AgentId Agent, short Role, long FromPosition);

/// <summary>What a store knows of a thread besides its log.</summary>
/// <param name="Kind">How long it lives.</param>
/// <param name="Head">The newest position; 0 while it is empty.</param>
/// <param name="FirstAvailable">The first position that was not trimmed.</param>
/// <param name="IsClosed">Whether it takes no more envelopes.</param>
/// <param name="MembersVersion">How often its members were set.</param>
public sealed record ThreadInfo(ThreadKind Kind, long Head, long FirstAvailable, bool IsClosed, long MembersVersion);

/// <summary>Where an envelope with a message id stands.</summary>
/// <param name="Position">Its position.</param>
/// <param name="BodyHash">The hash that it was appended with.</param>
public readonly record struct LogPosition(long Position, Bytes32 BodyHash);
