using System.Diagnostics.CodeAnalysis;
using AgentFlow.Protocol.Identity;

namespace AgentFlow.Protocol.Threads;

/// <summary>
/// Decides whether a Commit is publicly valid: a function of the thread's bytes and of identity logs at the heads that it names. No clock is asked.
/// </summary>
/// <remarks>Reference: protocol.md 2.5, "Public validity".</remarks>
internal static class CommitValidator
{
    private const int MaximumAdds = 512;

    /// <summary>Checks a Commit and gives the epoch that it makes.</summary>
    /// <param name="parent">The epoch at the Commit's position.</param>
    /// <param name="committerLeaf">The sender; its signature was verified.</param>
    /// <param name="commit">The Commit.</param>
    /// <param name="identities">The logs.</param>
    /// <param name="hasWraps">False where the wraps were cut off: they are not checked then.</param>
    /// <param name="next">The epoch after it.</param>
    /// <param name="error">Why it was refused.</param>
    public static bool TryApply(
        ThreadEpoch parent, uint committerLeaf, Commit commit, IIdentitySource identities, bool hasWraps,
        [NotNullWhen(true)] out ThreadEpoch? next, out ProtocolError error)
    {
        next = null;
        var fields = commit.Fields;
        if (fields.ParentEpoch != parent.Number || fields.NewEpoch != parent.Number + 1 || fields.ParentContext != parent.Context)
        {
            error = ProtocolError.CommitParent;
            return false;
        }

        if (!parent.Roster.TryFind(committerLeaf, out var committer) || !committer.Entry.IsMember)
        {
            error = ProtocolError.Role;
            return false;
        }

        var builder = new NextEpochBuilder(parent, committer, identities);
        error = CheckOrder(commit.Changes);
        foreach (var change in commit.Changes)
        {
            if (error != ProtocolError.None)
                return false;
            error = builder.Apply(change);
        }

        if (error != ProtocolError.None || !builder.TryBuild(out var built, out error))
            return false;
        error = built.Roster.Hash != fields.RosterHash || built.Policy.Hash != fields.PolicyHash ? ProtocolError.CommitResult
            : hasWraps && !AreWrapsComplete(commit, built.Roster, committerLeaf) ? ProtocolError.CommitWraps
            : ProtocolError.None;
        next = error == ProtocolError.None ? built : null;
        return next is not null;
    }

    /// <summary>Remove, update, add, policy; each kind ascending by leaf; a leaf once; one policy.</summary>
    private static ProtocolError CheckOrder(IReadOnlyList<CommitChange> changes)
    {
        var leaves = new HashSet<uint>();
        int adds = 0;
        (byte Kind, long Leaf) before = default;
        foreach (var change in changes)
        {
            long leaf = change switch { RemoveLeaf remove => remove.Leaf, UpdateLeaf update => update.Leaf, AddLeaf add => add.Leaf, _ => -1 };
            if (change.Kind < before.Kind || (change.Kind == before.Kind && leaf <= before.Leaf))
                return ProtocolError.Order;
            if (leaf >= 0 && !leaves.Add((uint)leaf))
                return ProtocolError.CommitChange;
            adds += change is AddLeaf ? 1 : 0;
            before = (change.Kind, leaf);
        }

        return adds > MaximumAdds ? ProtocolError.CommitChange : ProtocolError.None;
    }

    private static bool AreWrapsComplete(Commit commit, Roster roster, uint committerLeaf)
    {
        var wraps = commit.Wraps;
        if (wraps.Length != (roster.Count - 1) * Commit.WrapSize || EpochSecret.HashWraps(wraps) != commit.Fields.WrapsHash)
            return false;
        foreach (var slot in roster.Slots)
        {
            if (slot.Leaf == committerLeaf)
                continue;
            if (System.Buffers.Binary.BinaryPrimitives.ReadUInt32LittleEndian(wraps) != slot.Leaf)
                return false;
            wraps = wraps[Commit.WrapSize..];
        }

        return true;
    }
}
