namespace AgentFlow.Storage;

/// <summary>The fail-points of the writer.</summary>
public static class StorageFailPoints
{
    /// <summary>A batch is open and one of its writes has run.</summary>
    public const string MidBatch = "storage.mid-batch";

    /// <summary>All writes of a batch have run; nothing is committed.</summary>
    public const string BeforeCommit = "storage.before-commit";

    /// <summary>A batch is committed; no caller knows.</summary>
    public const string AfterCommit = "storage.after-commit";

    /// <summary>The write-ahead log is about to be copied into the database.</summary>
    public const string BeforeCheckpoint = "storage.before-checkpoint";

    /// <summary>The write-ahead log was copied into the database.</summary>
    public const string AfterCheckpoint = "storage.after-checkpoint";

    /// <summary>A step of the schema has run; its transaction is open.</summary>
    public const string MidMigration = "storage.mid-migration";

    /// <summary>All of them.</summary>
    public static IReadOnlyList<string> All { get; } =
        FailPoint.Register(MidBatch, BeforeCommit, AfterCommit, BeforeCheckpoint, AfterCheckpoint, MidMigration);
}
