using AgentFlow.Storage;

namespace AgentFlow.Store;

/// <summary>The fail-points of the agents' store.</summary>
internal static class AgentFailPoints
{
    /// <summary>One operation of a commit has run.</summary>
    public const string MidCommit = "agent.mid-commit";

    /// <summary>All operations of a commit have run; nothing is committed.</summary>
    public const string BeforeCommit = "agent.before-commit";

    /// <summary>A commit is durable; its caller does not know.</summary>
    public const string AfterCommit = "agent.after-commit";

    /// <summary>The storage key of a thread is deleted; nothing is committed.</summary>
    public const string BeforeDestroy = "agent.before-destroy";

    /// <summary>The storage key of a thread is durably deleted; its caller does not know.</summary>
    public const string AfterDestroy = "agent.after-destroy";

    /// <summary>All of them.</summary>
    public static IReadOnlyList<string> All { get; } = FailPoint.Register(MidCommit, BeforeCommit, AfterCommit, BeforeDestroy, AfterDestroy);

    /// <summary>Makes the names known to <see cref="FailPoint.Names"/>.</summary>
    public static void EnsureRegistered() => _ = All.Count;
}
