using System.Diagnostics.CodeAnalysis;
using AgentFlow.Protocol.Crypto;
using AgentFlow.Protocol.Identity;

namespace AgentFlow.Protocol.Threads;

/// <summary>Applies the changes of one Commit, each with the checks of its kind.</summary>
/// <remarks>Reference: protocol.md 2.5. The order of the changes was checked before.</remarks>
internal sealed class NextEpochBuilder(ThreadEpoch parent, RosterSlot committer, IIdentitySource identities)
{
    private readonly SortedDictionary<uint, RosterSlot> _slots = new(parent.Roster.Slots.ToDictionary(slot => slot.Leaf));
    private ThreadPolicy _policy = parent.Policy;
    private uint _nextFreeLeaf;

    public ProtocolError Apply(CommitChange change) => change switch
    {
        RemoveLeaf remove => Remove(remove),
        UpdateLeaf update => Update(update),
        AddLeaf add => Add(add),
        _ => Change(((ChangePolicy)change).Policy),
    };

    public bool TryBuild([NotNullWhen(true)] out ThreadEpoch? next, out ProtocolError error)
    {
        next = null;
        error = ProtocolError.CommitChange;
        var devices = new HashSet<Bytes32>();
        var leafKeys = new HashSet<Bytes32>();
        foreach (var slot in _slots.Values)
        {
            if (!devices.Add(slot.Entry.Device) || !leafKeys.Add(slot.Entry.LeafKey))
                return false;
        }

        if (_slots.Count > Roster.MaximumCount)
            return false;
        next = parent.Next(new Roster([.. _slots.Values]), _policy, committer.Leaf);
        error = ProtocolError.None;
        return true;
    }

    /// <summary>Whether a device key is live, with usage 1, at the head that was named for it.</summary>
    public static ProtocolError CheckDevice(IIdentitySource identities, AgentId agent, Bytes32 device, uint logSeq, Bytes32 logHead)
    {
        var error = FindLog(identities, agent, logSeq, logHead, out var log);
        if (error != ProtocolError.None)
            return error;
        return log!.AllowsAt(logSeq, device, KeyUsage.MessageDevice) ? ProtocolError.None : ProtocolError.DeviceKey;
    }

    private static ProtocolError FindLog(IIdentitySource identities, AgentId agent, uint seq, Bytes32 head, out IdentityLog? log)
    {
        log = identities.Find(agent);
        if (log is null || seq > log.HeadSeq)
            return ProtocolError.MissingLog;
        return log.Contains(seq, head) ? ProtocolError.None : ProtocolError.LogHead;
    }

    private ProtocolError CheckRevoked(RosterEntry entry, RemoveLeaf remove)
    {
        var error = FindLog(identities, entry.Agent, remove.LogSeq, remove.LogHead, out var log);
        if (error != ProtocolError.None)
            return error;
        return log!.TryGetKeyAt(remove.LogSeq, entry.Device, out var status) && status.IsRevoked ? ProtocolError.None : ProtocolError.DeviceKey;
    }

    private ProtocolError Remove(RemoveLeaf remove)
    {
        if (remove.Leaf == committer.Leaf || !_slots.TryGetValue(remove.Leaf, out var slot))
            return ProtocolError.CommitChange;
        var error = remove.NamesLog ? CheckRevoked(slot.Entry, remove) : committer.Entry.IsAdmin ? ProtocolError.None : ProtocolError.Role;
        if (error == ProtocolError.None)
            _slots.Remove(remove.Leaf);
        return error;
    }

    private ProtocolError Update(UpdateLeaf update)
    {
        if (!_slots.TryGetValue(update.Leaf, out var slot))
            return ProtocolError.CommitChange;
        if (update.BaseEpoch < slot.KeyEpoch || update.BaseEpoch > parent.Number)
            return ProtocolError.CommitChange;
        if (update.LogSeq < slot.Entry.LogSeq)
            return ProtocolError.LogHead;
        var error = CheckDevice(identities, slot.Entry.Agent, slot.Entry.Device, update.LogSeq, update.LogHead);
        if (error != ProtocolError.None)
            return error;
        if (!SigningKey.Verify(slot.Entry.Device, Labels.SignLeafUpdate, LeafUpdate.Hash(parent.ThreadId, update), update.Signature))
            return ProtocolError.Signature;
        if (!AgreementKey.IsUsable(update.LeafKey))
            return ProtocolError.Key;
        _slots[update.Leaf] = slot with
        {
            Entry = slot.Entry with { LeafKey = update.LeafKey, LogSeq = update.LogSeq, LogHead = update.LogHead },
            KeyEpoch = parent.Number + 1,
        };
        return ProtocolError.None;
    }

    private ProtocolError Add(AddLeaf add)
    {
        if (!committer.Entry.IsAdmin)
            return ProtocolError.Role;
        while (parent.Roster.IndexOf(_nextFreeLeaf) >= 0)
            _nextFreeLeaf++;
        if (add.Leaf != _nextFreeLeaf)
            return ProtocolError.CommitChange;
        _nextFreeLeaf++;
        var entry = add.Entry;
        var error = CheckDevice(identities, entry.Agent, entry.Device, entry.LogSeq, entry.LogHead);
        if (error != ProtocolError.None)
            return error;
        if ((add.Suites & (1u << (_policy.Suite - 1))) == 0)
            return ProtocolError.Suite;
        Span<byte> bundle = stackalloc byte[KeyBundle.SignedSize];
        KeyBundle.WriteSigned(
            bundle, entry.Agent, entry.LogSeq, entry.LogHead, entry.Device, add.PrekeyId, entry.LeafKey, add.Created, add.NotAfter, add.Suites);
        if (!SigningKey.Verify(entry.Device, Labels.SignBundle, AfHash.Hash(Labels.Bundle, bundle), add.Signature))
            return ProtocolError.Signature;
        if (!AgreementKey.IsUsable(entry.LeafKey))
            return ProtocolError.Key;
        _slots.Add(add.Leaf, new RosterSlot(add.Leaf, entry, parent.Number + 1));
        return ProtocolError.None;
    }

    private ProtocolError Change(ThreadPolicy policy)
    {
        if (!committer.Entry.IsAdmin)
            return ProtocolError.Role;
        if (!_policy.IsTightenedBy(policy))
            return ProtocolError.PolicyLoosened;
        _policy = policy;
        return ProtocolError.None;
    }
}
