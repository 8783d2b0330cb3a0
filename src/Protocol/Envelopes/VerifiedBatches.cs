namespace AgentFlow.Protocol.Envelopes;

/// <summary>Batch signatures that were verified lately, so that the next envelope of a batch costs its path and no signature.</summary>
/// <remarks>
/// A hit needs device key, root and signature equal, all 128 bytes: a changed signature is verified, and fails. Bounded: the entry that was not asked for
/// the longest makes room. Allocates nothing after construction. Thread-safe.
/// </remarks>
public sealed class VerifiedBatches
{
    private readonly Lock _lock = new();
    private readonly Dictionary<Entry, int> _places;
    private readonly Slot[] _slots;
    private int _count;
    private int _newest;

    /// <summary>Makes an empty set.</summary>
    /// <param name="capacity">How many batches to remember, 1 to 65,536; 1,024 cost about 300 KiB.</param>
    public VerifiedBatches(int capacity = 1024)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(capacity, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(capacity, 65_536);
        _slots = new Slot[capacity];
        _places = new Dictionary<Entry, int>(capacity + 1);
    }

    /// <summary>The set of the process. Sharing it is sound: what it remembers is true whoever verified it.</summary>
    internal static VerifiedBatches Shared { get; } = new();

    internal bool Contains(Bytes32 device, Bytes32 root, ReadOnlySpan<byte> signature)
    {
        var entry = new Entry(device, root, new Bytes32(signature[..32]), new Bytes32(signature[32..]));
        lock (_lock)
        {
            if (!_places.TryGetValue(entry, out int place))
                return false;
            MakeNewest(place);
            return true;
        }
    }

    internal void Add(Bytes32 device, Bytes32 root, ReadOnlySpan<byte> signature)
    {
        var entry = new Entry(device, root, new Bytes32(signature[..32]), new Bytes32(signature[32..]));
        lock (_lock)
        {
            if (_places.ContainsKey(entry))
                return;
            if (_count < _slots.Length)
            {
                InsertNewest(_count++);
            }
            else
            {
                // In the ring the oldest follows on the newest: it becomes the newest without a move.
                _newest = _slots[_newest].Newer;
                _places.Remove(_slots[_newest].Entry);
            }

            _slots[_newest].Entry = entry;
            _places.Add(entry, _newest);
        }
    }

    private void MakeNewest(int place)
    {
        if (place == _newest)
            return;
        var slot = _slots[place];
        _slots[slot.Newer].Older = slot.Older;
        _slots[slot.Older].Newer = slot.Newer;
        InsertNewest(place);
    }

    /// <summary>Puts a place that is in no ring between the newest and the oldest.</summary>
    private void InsertNewest(int place)
    {
        if (_count > 1)
        {
            int oldest = _slots[_newest].Newer;
            (_slots[place].Older, _slots[place].Newer) = (_newest, oldest);
            (_slots[_newest].Newer, _slots[oldest].Older) = (place, place);
        }

        _newest = place;
    }

    /// <summary>A place in the ring. Newer than the newest comes the oldest.</summary>
    private struct Slot
    {
        public Entry Entry;
        public int Older;
        public int Newer;
    }

    private readonly record struct Entry(Bytes32 Device, Bytes32 Root, Bytes32 SignatureR, Bytes32 SignatureS);
}
