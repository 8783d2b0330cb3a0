using System.Diagnostics.CodeAnalysis;
using AgentFlow.Protocol.Buffers;

namespace AgentFlow.Protocol.Threads;

/// <summary>What only the first Commit of a thread carries.</summary>
internal sealed record CommitGenesis(Bytes32 Random, RosterEntry Creator, ThreadPolicy Policy);

/// <summary>The body of a Commit, in format only.</summary>
/// <remarks>Reference: protocol.md 2.5. The wraps may be cut off: what C covers verifies without them.</remarks>
internal sealed class Commit
{
    public const int WrapSize = 84;

    private readonly byte[] _wraps;

    private Commit(CommitGenesis? genesis, CommitChange[] changes, CommitFields fields, int committedLength, byte[] wraps)
    {
        Genesis = genesis;
        Changes = changes;
        Fields = fields;
        CommittedLength = committedLength;
        _wraps = wraps;
    }

    /// <summary>The prefix of the first Commit, or null.</summary>
    public CommitGenesis? Genesis { get; }

    public IReadOnlyList<CommitChange> Changes { get; }

    public CommitFields Fields { get; }

    /// <summary>How many bytes of the body C covers: up to and including wrapsHash.</summary>
    public int CommittedLength { get; }

    /// <summary>The wraps, 84 bytes each; empty where they were cut off.</summary>
    public ReadOnlySpan<byte> Wraps => _wraps;

    /// <summary>Reads a body.</summary>
    /// <param name="body">The body; with the wraps cut off, whatever follows wrapsHash is ignored.</param>
    /// <param name="isGenesis">Whether it is the first Commit.</param>
    /// <param name="hasWraps">Whether the wraps follow.</param>
    /// <param name="commit">The Commit.</param>
    /// <param name="error">Why it was refused.</param>
    public static bool TryParse(ReadOnlySpan<byte> body, bool isGenesis, bool hasWraps, [NotNullWhen(true)] out Commit? commit, out ProtocolError error)
    {
        commit = null;
        var reader = new ByteReader(body);
        CommitGenesis? genesis = null;
        if (isGenesis && !TryReadGenesis(ref reader, out genesis, out error))
            return false;
        ulong parentEpoch = reader.ReadUInt64(), newEpoch = reader.ReadUInt64();
        Bytes32 parentContext = reader.ReadBytes32();
        var changes = new List<CommitChange>();
        for (int left = reader.ReadUInt16(); left > 0; left--)
        {
            if (!CommitChangeCodec.TryRead(ref reader, out var change, out error))
                return false;
            changes.Add(change);
        }

        var fields = new CommitFields(
            parentEpoch, newEpoch, parentContext, reader.ReadBytes32(), reader.ReadBytes32(), reader.ReadBytes32(), reader.ReadBytes32());
        int committedLength = body.Length - reader.Remaining;
        ReadOnlySpan<byte> wraps = [];
        if (hasWraps)
        {
            uint count = reader.ReadUInt32();
            wraps = reader.ReadBytes((long)count * WrapSize);
        }

        error = reader.Failed || (hasWraps && !reader.IsComplete) ? ProtocolError.Length : ProtocolError.None;
        if (error == ProtocolError.None)
            commit = new Commit(genesis, [.. changes], fields, committedLength, wraps.ToArray());
        return commit is not null;
    }

    private static bool TryReadGenesis(ref ByteReader reader, out CommitGenesis? genesis, out ProtocolError error)
    {
        genesis = null;
        Bytes32 random = reader.ReadBytes32();
        if (!RosterEntry.TryRead(reader.ReadBytes(RosterEntry.Size), out var creator, out error))
            return false;
        var policyBytes = reader.ReadBytes(reader.ReadUInt32());
        if (!ThreadPolicy.TryParse(policyBytes, out var policy, out error))
            return false;
        genesis = new CommitGenesis(random, creator, policy);
        return true;
    }
}

/// <summary>The fixed fields of a Commit: parents before the changes, results behind them.</summary>
internal readonly record struct CommitFields(
    ulong ParentEpoch, ulong NewEpoch, Bytes32 ParentContext, Bytes32 RosterHash, Bytes32 PolicyHash, Bytes32 Confirm, Bytes32 WrapsHash);
