namespace AgentFlow.Protocol.Approvals;

/// <summary>What an agent knows of its own thread when it asks whether it may act.</summary>
public readonly record struct ExecutionFacts
{
    /// <summary>The agent that wants to act.</summary>
    public required AgentId Agent { get; init; }

    /// <summary>The position at which the own leaf joined the thread; 0 for the creator.</summary>
    public required long JoinPosition { get; init; }

    /// <summary>The position up to which every envelope is processed.</summary>
    public required long ProcessedThrough { get; init; }

    /// <summary>The highest position known to exist: named by the hub, or in an ackSeq.</summary>
    public required long KnownHead { get; init; }

    /// <summary>The lowest position after the request whose envelope is rejected, parked, locked or expired; null where there is none.</summary>
    public long? FirstUnreadableAfterRequest { get; init; }

    /// <summary>E of the claim that this very store made for the request, or null before there is one.</summary>
    public Bytes32? OwnClaim { get; init; }
}

/// <summary>Whether an agent may act on a request, and if not, why.</summary>
public enum ExecutionResult
{
    /// <summary>It may: before its claim, it may claim; after it, it may act.</summary>
    Allowed = 0,

    /// <summary>The request is for another agent.</summary>
    NotTarget = 1,

    /// <summary>The own leaf joined after the request.</summary>
    JoinedLater = 2,

    /// <summary>Positions that may hold a withdrawal are not processed yet: process them and ask again.</summary>
    Unprocessed = 3,

    /// <summary>An envelope after the request cannot be read, and might be a withdrawal.</summary>
    Unreadable = 4,

    /// <summary>The rules are not met: the tally says how it stands.</summary>
    NotMet = 5,

    /// <summary>The own claim is sent, but does not stand in the processed thread yet.</summary>
    ClaimPending = 6,

    /// <summary>Another device or store of this agent claimed the request first.</summary>
    ClaimedElsewhere = 7,
}
