namespace AgentFlow.Storage;

/// <summary>What kind of failure a <see cref="StorageException"/> reports.</summary>
public enum StorageErrorKind
{
    /// <summary>The write queue is full: nothing was written, try again after a pause.</summary>
    Busy,

    /// <summary>The disk is full, or nearly so: nothing was written, and writes resume by themselves when there is room.</summary>
    DiskFull,

    /// <summary>The disk or the database did not answer as it should. During a commit the outcome is unknown: repeat the write under the same id.</summary>
    Unavailable,

    /// <summary>Another process has the database open.</summary>
    Locked,

    /// <summary>Another process opened the database later: this one must not write any more.</summary>
    Fenced,

    /// <summary>The database file is damaged.</summary>
    Corrupt,

    /// <summary>A row breaks a constraint of the schema, a unique key for example.</summary>
    Constraint,

    /// <summary>A value is larger than the database allows.</summary>
    TooLarge,

    /// <summary>The file lies on a network file system, or a newer version wrote its schema.</summary>
    Incompatible,

    /// <summary>The store is closed.</summary>
    Closed,

    /// <summary>The SQL text or its use is wrong: a programming error.</summary>
    Sql,
}
