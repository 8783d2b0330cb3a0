using AgentFlow.Protocol.Crypto;

namespace AgentFlow.Protocol.Threads;

/// <summary>A leaf of a roster.</summary>
/// <param name="Leaf">The index, which may have gaps before it.</param>
/// <param name="Entry">Who it is.</param>
/// <param name="KeyEpoch">The epoch that last set its leaf key.</param>
public readonly record struct RosterSlot(uint Leaf, RosterEntry Entry, ulong KeyEpoch);

/// <summary>The leaves of a thread in one epoch, ascending. Immutable.</summary>
/// <remarks>Reference: protocol.md 2.4. Its hash is the recipient-set hash that every envelope is bound to.</remarks>
public sealed class Roster
{
    /// <summary>The most leaves.</summary>
    public const int MaximumCount = 2048;

    private readonly RosterSlot[] _slots;

    internal Roster(RosterSlot[] ascending)
    {
        _slots = ascending;
        Hash = ComputeHash();
    }

    /// <summary>The leaves, ascending by index.</summary>
    public IReadOnlyList<RosterSlot> Slots => _slots;

    /// <summary>How many leaves there are.</summary>
    public int Count => _slots.Length;

    /// <summary>The recipient-set hash.</summary>
    public Bytes32 Hash { get; }

    /// <summary>Finds a leaf.</summary>
    public bool TryFind(uint leaf, out RosterSlot slot)
    {
        int index = IndexOf(leaf);
        slot = index >= 0 ? _slots[index] : default;
        return index >= 0;
    }

    /// <summary>Finds the leaf of a device.</summary>
    public bool TryFindDevice(Bytes32 device, out RosterSlot slot)
    {
        foreach (ref readonly var candidate in _slots.AsSpan())
        {
            if (candidate.Entry.Device == device)
            {
                slot = candidate;
                return true;
            }
        }

        slot = default;
        return false;
    }

    /// <summary>Whether any leaf belongs to this agent.</summary>
    public bool Contains(AgentId agent) => Array.Exists(_slots, slot => slot.Entry.Agent == agent);

    internal ref readonly RosterSlot this[int index] => ref _slots[index];

    /// <summary>The place of a leaf in <see cref="Slots"/>, or -1.</summary>
    internal int IndexOf(uint leaf)
    {
        int low = 0, high = _slots.Length - 1;
        while (low <= high)
        {
            int middle = (low + high) / 2;
            uint found = _slots[middle].Leaf;
            if (found == leaf)
                return middle;
            if (found < leaf)
                low = middle + 1;
            else
                high = middle - 1;
        }

        return -1;
    }

    private Bytes32 ComputeHash()
    {
        var hash = new Blake2b(stackalloc byte[Blake2b.WorkspaceSize], Labels.Roster);
        Span<byte> entry = stackalloc byte[RosterEntry.Size];
        hash.Add((uint)_slots.Length);
        foreach (ref readonly var slot in _slots.AsSpan())
        {
            hash.Add(slot.Leaf);
            slot.Entry.Write(entry);
            hash.Add(entry);
        }

        return hash.Finish();
    }
}
