using AgentFlow.Hub.Wakes;

namespace AgentFlow.Hub.Stores;

/// <summary>The hints that a commit gives, once it is durable.</summary>
internal static class CommitHints
{
    public static void Publish(IWakeBus wakes, StoreCommit commit)
    {
        foreach (var op in commit.Ops)
        {
            if (op is StoreOp.Append append)
                wakes.Publish(new WakeHint(WakeKind.Thread, append.Thread.Value));
            else if (op is StoreOp.NoteInbox note)
                wakes.Publish(new WakeHint(WakeKind.Agent, note.Agent.Value));
        }
    }
}
