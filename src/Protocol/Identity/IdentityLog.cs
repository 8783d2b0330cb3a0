using System.Diagnostics.CodeAnalysis;

namespace AgentFlow.Protocol.Identity;

/// <summary>A verified identity log: who an agent is, and which keys speak for it.</summary>
/// <remarks>Reference: protocol.md 2.2. Immutable, so safe to share; every signature and rule was checked when it was read.</remarks>
public sealed class IdentityLog
{
    /// <summary>The most bytes that a log may have: about 3,900 entries.</summary>
    public const int MaximumSize = 1 << 20;

    private readonly IdentityLogState _state;
    private readonly byte[] _bytes;

    private IdentityLog(IdentityLogState state, byte[] bytes)
    {
        _state = state;
        _bytes = bytes;
    }

    /// <summary>The agent: the hash of the first entry.</summary>
    public AgentId Agent => _state.Agent;

    /// <summary>The name that the agent gave itself: a hint for people, and no identification. It may hold any characters.</summary>
    public string Name => _state.Name;

    /// <summary>The sequence number of the newest entry, from 0.</summary>
    public uint HeadSeq => (uint)(_state.Heads.Count - 1);

    /// <summary>The hash of the newest entry, which binds all before it.</summary>
    public Bytes32 Head => _state.Heads[^1];

    /// <summary>The current root key.</summary>
    public Bytes32 Root => _state.Root;

    /// <summary>The entries, joined.</summary>
    public ReadOnlyMemory<byte> Bytes => _bytes;

    /// <summary>All keys that the log ever added, as of its newest entry, in the order in which they were added.</summary>
    public IReadOnlyList<KeyStatus> Keys =>
        [.. _state.Keys.Select(key => _state.TryGetKey(HeadSeq, key, out var status) ? status : default).OrderBy(key => key.AddedAt)];

    /// <summary>Reads and verifies joined entries, from the first one on.</summary>
    /// <param name="joined">The entries.</param>
    /// <param name="log">The log.</param>
    /// <param name="error">Why it was refused.</param>
    public static bool TryParse(ReadOnlySpan<byte> joined, [NotNullWhen(true)] out IdentityLog? log, out ProtocolError error) =>
        TryRead(new IdentityLogState(), [], joined, out log, out error);

    /// <summary>Verifies entries that follow the ones of this log.</summary>
    /// <param name="entries">One or more entries, joined.</param>
    /// <param name="log">The longer log; this one stays as it is.</param>
    /// <param name="error">Why they were refused.</param>
    public bool TryExtend(ReadOnlySpan<byte> entries, [NotNullWhen(true)] out IdentityLog? log, out ProtocolError error) =>
        TryRead(new IdentityLogState(_state), _bytes, entries, out log, out error);

    /// <summary>The head as of an entry.</summary>
    /// <param name="seq">0 to <see cref="HeadSeq"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">The log has no such entry.</exception>
    public Bytes32 HeadAt(uint seq)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(seq, HeadSeq);
        return _state.Heads[(int)seq];
    }

    /// <summary>Whether the entry of this number has this hash.</summary>
    public bool Contains(uint seq, Bytes32 head) => seq <= HeadSeq && _state.Heads[(int)seq] == head;

    /// <summary>Finds the number of the entry that has this hash.</summary>
    public bool TryFindHead(Bytes32 head, out uint seq)
    {
        int index = _state.Heads.IndexOf(head);
        seq = (uint)Math.Max(index, 0);
        return index >= 0;
    }

    /// <summary>Whether this log is the pinned one or a continuation of it. Accept no other.</summary>
    public bool Extends(IdentityLog pinned) => Agent == pinned.Agent && Contains(pinned.HeadSeq, pinned.Head);

    /// <summary>Whether this log and another of the same agent contradict each other: store both as fork evidence, and do not send.</summary>
    public bool Contradicts(IdentityLog other) => Agent == other.Agent && !Extends(other) && !other.Extends(this);

    /// <summary>What the log said of a key as of an entry.</summary>
    /// <param name="seq">The number of the entry.</param>
    /// <param name="key">The public key.</param>
    /// <param name="status">What it said.</param>
    /// <returns>False where the key was not in the log by then.</returns>
    public bool TryGetKeyAt(uint seq, Bytes32 key, out KeyStatus status) => _state.TryGetKey(seq, key, out status);

    /// <summary>Whether a key was live and had this usage as of an entry. No clock is asked.</summary>
    public bool AllowsAt(uint seq, Bytes32 key, KeyUsage usage) => TryGetKeyAt(seq, key, out var status) && status.Allows(usage);

    private static bool TryRead(
        IdentityLogState state, byte[] before, ReadOnlySpan<byte> entries, [NotNullWhen(true)] out IdentityLog? log, out ProtocolError error)
    {
        log = null;
        error = entries.IsEmpty || before.Length + (long)entries.Length > MaximumSize ? ProtocolError.Length : ProtocolError.None;
        ReadOnlySpan<byte> rest = entries;
        while (error == ProtocolError.None && !rest.IsEmpty)
        {
            if (!IdentityEntry.TryRead(rest, out var entry, out error))
                return false;
            error = state.Apply(entry);
            rest = rest[entry.Length..];
        }

        if (error != ProtocolError.None)
            return false;
        log = new IdentityLog(state, [.. before, .. entries]);
        return true;
    }
}
