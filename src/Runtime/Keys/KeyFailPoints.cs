using AgentFlow.Storage;

namespace AgentFlow.Keys;

/// <summary>The fail-points of the creation of keys.</summary>
internal static class KeyFailPoints
{
    /// <summary>A key file is written under a temporary name.</summary>
    public const string BeforeRename = "keys.before-rename";

    /// <summary>A key file has its name.</summary>
    public const string AfterRename = "keys.after-rename";

    /// <summary>An identity is made; it is not stored yet.</summary>
    public const string BeforeIdentityCommit = "keys.before-identity-commit";

    /// <summary>An identity is stored; nobody knows of it yet.</summary>
    public const string AfterIdentityCommit = "keys.after-identity-commit";

    /// <summary>All of them.</summary>
    public static IReadOnlyList<string> All { get; } = FailPoint.Register(BeforeRename, AfterRename, BeforeIdentityCommit, AfterIdentityCommit);

    /// <summary>Makes the names known to <see cref="FailPoint.Names"/>.</summary>
    public static void EnsureRegistered() => _ = All.Count;
}
