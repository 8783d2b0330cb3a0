using System.Runtime.InteropServices;

namespace AgentFlow.Protocol.Envelopes;

/// <summary>Batch signatures that were verified lately, so that the next envelope of a batch costs its path and no signature.</summary>
/// <remarks>
/// A hit needs device key, root and signature equal, all 128 bytes: a changed signature is verified, and fails. Bounded: the oldest entry makes room.
/// Allocates nothing after construction. Thread-safe.
/// </remarks>
public sealed class VerifiedBatches
{
    private readonly Lock _lock = new();
    private readonly HashSet<Entry> _entries;
    private readonly Entry[] _ring;
    private int _next;
    private int _count;

    /// <summary>Makes an empty set.</summary>
    /// <param name="capacity">How many batches to remember, 1 to 65,536; 1,024 cost about 300 KiB.</param>
    public VerifiedBatches(int capacity = 1024)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(capacity, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(capacity, 65_536);
        _ring = new Entry[capacity];
        _entries = new HashSet<Entry>(capacity + 1);
    }

    internal bool Contains(Bytes32 device, Bytes32 root, ReadOnlySpan<byte> signature)
    {
        var entry = new Entry(device, root, new Bytes32(signature[..32]), new Bytes32(signature[32..]));
        lock (_lock)
            return _entries.Contains(entry);
    }

    internal void Add(Bytes32 device, Bytes32 root, ReadOnlySpan<byte> signature)
    {
        var entry = new Entry(device, root, new Bytes32(signature[..32]), new Bytes32(signature[32..]));
        lock (_lock)
        {
            if (!_entries.Add(entry))
                return;
            if (_count == _ring.Length)
                _entries.Remove(_ring[_next]);
            else
                _count++;
            _ring[_next] = entry;
            _next = (_next + 1) % _ring.Length;
        }
    }

    [StructLayout(LayoutKind.Sequential)]
    private readonly record struct Entry(Bytes32 Device, Bytes32 Root, Bytes32 SignatureR, Bytes32 SignatureS);
}
