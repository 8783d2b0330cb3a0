namespace AgentFlow.Protocol.Hub;

/// <summary>What a hub answers; the same on every store and over every wire.</summary>
public enum HubStatus
{
    /// <summary>Done and durable.</summary>
    Ok = 0,

    /// <summary>The queue is full: try again after a pause.</summary>
    Busy = 1,

    /// <summary>The store did not answer: the outcome is unknown, so repeat with the same id.</summary>
    Unavailable = 2,

    /// <summary>Something else was written in between.</summary>
    Conflict = 3,

    /// <summary>The message id was used before for other bytes.</summary>
    IdConflict = 4,

    /// <summary>The envelope was sealed in an epoch that is not the current one.</summary>
    StaleEpoch = 5,

    /// <summary>The caller or the envelope's device is no member of the thread.</summary>
    NotMember = 6,

    /// <summary>The bytes fail a public check.</summary>
    Invalid = 7,

    /// <summary>A newer owner holds the lease.</summary>
    Fenced = 8,

    /// <summary>The operations of one commit belong to different shards.</summary>
    CrossShard = 9,

    /// <summary>The envelope or blob exceeds its limit.</summary>
    TooLarge = 10,

    /// <summary>The thread takes no more envelopes.</summary>
    Closed = 11,

    /// <summary>The store found its own data damaged.</summary>
    Corrupt = 12,

    /// <summary>The thread, agent or blob is not known.</summary>
    NotFound = 13,

    /// <summary>The caller has not proved who it is, or not lately, or its device is not live any more.</summary>
    Unauthenticated = 14,

    /// <summary>The caller may not do this, or not for this agent.</summary>
    Denied = 15,
}
