using AgentFlow.Storage;

namespace AgentFlow.Hub.Stores;

/// <summary>The fail-points of the hub.</summary>
public static class HubFailPoints
{
    /// <summary>A commit is checked and about to be handed to the writer.</summary>
    public const string BeforeCommit = "hub.before-commit";

    /// <summary>A commit is durable; its caller has no answer yet.</summary>
    public const string AfterCommitBeforeReply = "hub.after-commit-before-reply";

    /// <summary>The caller's answer is ready; nobody was woken.</summary>
    public const string BeforeNotify = "hub.before-notify";

    /// <summary>Some members were told of new envelopes, others not.</summary>
    public const string MidFanOut = "hub.mid-fan-out";

    /// <summary>All members were told; the claim on that work is not completed.</summary>
    public const string AfterFanOut = "hub.after-fan-out";

    /// <summary>A thread is created and durable; the creator has no answer.</summary>
    public const string AfterCreateThread = "hub.after-create-thread";

    /// <summary>A name is bound; the registration of its agent is not written.</summary>
    public const string AfterBindName = "hub.after-bind-name";

    /// <summary>All of them.</summary>
    public static IReadOnlyList<string> All { get; } = FailPoint.Register(
        BeforeCommit, AfterCommitBeforeReply, BeforeNotify, MidFanOut, AfterFanOut, AfterCreateThread, AfterBindName);
}
