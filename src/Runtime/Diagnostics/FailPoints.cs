using AgentFlow.Storage;

namespace AgentFlow.Diagnostics;

/// <summary>The fail-points of the runtime: every boundary at which a process may die.</summary>
internal static class FailPoints
{
    public const string BeforeStartCommit = "runtime.before-start-commit";
    public const string AfterStartCommit = "runtime.after-start-commit";
    public const string AfterOpen = "runtime.after-open";
    public const string AfterReceiveCommit = "runtime.after-receive-commit";
    public const string BeforeHandler = "runtime.before-handler";
    public const string AfterHandler = "runtime.after-handler";
    public const string AfterSeal = "runtime.after-seal";
    public const string AfterHandleCommit = "runtime.after-handle-commit";
    public const string BetweenEffectAndJournal = "runtime.between-effect-and-journal";
    public const string AfterJournal = "runtime.after-journal";
    public const string BeforeAppend = "runtime.before-append";
    public const string AfterAppend = "runtime.after-append";
    public const string BeforeAcknowledge = "runtime.before-acknowledge";
    public const string AfterAcknowledge = "runtime.after-acknowledge";
    public const string BeforeVoteCommit = "runtime.before-vote-commit";
    public const string AfterVoteCommit = "runtime.after-vote-commit";
    public const string BeforeClaimCommit = "runtime.before-claim-commit";
    public const string AfterClaimCommit = "runtime.after-claim-commit";
    public const string BeforeDecision = "runtime.before-decision";
    public const string AfterDecision = "runtime.after-decision";
    public const string AfterContinuation = "runtime.after-continuation";
    public const string TimerFired = "runtime.timer-fired";

    /// <summary>All of them.</summary>
    public static IReadOnlyList<string> All { get; } = FailPoint.Register(
        BeforeStartCommit, AfterStartCommit, AfterOpen, AfterReceiveCommit, BeforeHandler, AfterHandler, AfterSeal, AfterHandleCommit, BetweenEffectAndJournal, AfterJournal,
        BeforeAppend, AfterAppend, BeforeAcknowledge, AfterAcknowledge, BeforeVoteCommit, AfterVoteCommit, BeforeClaimCommit, AfterClaimCommit, BeforeDecision, AfterDecision,
        AfterContinuation, TimerFired);

    /// <summary>Makes the names known to <see cref="FailPoint.Names"/>.</summary>
    public static void EnsureRegistered() => _ = All.Count;
}
