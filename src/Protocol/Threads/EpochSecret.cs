using System.Buffers.Binary;
using System.Security.Cryptography;
using AgentFlow.Protocol.Crypto;

namespace AgentFlow.Protocol.Threads;

/// <summary>What comes of an epoch secret: its wraps, its confirmation, and the first chain key of each leaf.</summary>
/// <remarks>Reference: protocol.md 2.5. Secrets stay in spans of the caller, who zeroes them.</remarks>
internal static class EpochSecret
{
    public const int Size = 32;
    private const int InfoSize = 16 + 32 + 8;
    private const int AadSize = 32 + 4;

    /// <summary>Wraps the secret to every leaf of the new epoch but the committer's, ascending. Null where a leaf key is of low order.</summary>
    public static byte[]? Wrap(ThreadEpoch next, uint committerLeaf, ReadOnlySpan<byte> secret, IRandomSource random)
    {
        Span<byte> info = stackalloc byte[InfoSize];
        Span<byte> aad = stackalloc byte[AadSize];
        byte[] wraps = new byte[(next.Roster.Count - 1) * Commit.WrapSize];
        int at = 0;
        foreach (var slot in next.Roster.Slots)
        {
            if (slot.Leaf == committerLeaf)
                continue;
            WriteBinding(next, slot.Leaf, info, aad);
            Span<byte> wrap = wraps.AsSpan(at, Commit.WrapSize);
            BinaryPrimitives.WriteUInt32LittleEndian(wrap, slot.Leaf);
            if (!Hpke.TrySeal(slot.Entry.LeafKey.Span, info, aad, secret, random, wrap.Slice(4, 32), wrap[36..]))
                return null;
            at += Commit.WrapSize;
        }

        return wraps;
    }

    /// <summary>Opens the wrap of a leaf, and checks the confirmation.</summary>
    public static bool TryUnwrap(ThreadEpoch next, Commit commit, uint leaf, ReadOnlySpan<byte> privateKey, Bytes32 publicKey, Span<byte> secret)
    {
        Span<byte> info = stackalloc byte[InfoSize];
        Span<byte> aad = stackalloc byte[AadSize];
        for (var rest = commit.Wraps; rest.Length >= Commit.WrapSize; rest = rest[Commit.WrapSize..])
        {
            if (BinaryPrimitives.ReadUInt32LittleEndian(rest) != leaf)
                continue;
            WriteBinding(next, leaf, info, aad);
            return Hpke.TryOpen(privateKey, publicKey.Span, rest.Slice(4, 32), info, aad, rest.Slice(36, 48), secret)
                && CryptographicOperations.FixedTimeEquals(Confirm(next, secret).Span, commit.Fields.Confirm.Span);
        }

        return false;
    }

    /// <summary>The confirmation of a secret.</summary>
    public static Bytes32 Confirm(ThreadEpoch next, ReadOnlySpan<byte> secret)
    {
        Span<byte> confirm = stackalloc byte[32];
        AfHash.Mac(secret, Labels.Confirm, next.Context.Span, [], [], confirm);
        return new Bytes32(confirm);
    }

    /// <summary>The first chain key of each leaf, in roster order.</summary>
    public static void DeriveChains(ThreadEpoch next, ReadOnlySpan<byte> secret, Span<byte> chains)
    {
        Span<byte> leaf = stackalloc byte[4];
        for (int i = 0; i < next.Roster.Count; i++)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(leaf, next.Roster[i].Leaf);
            AfHash.Mac(secret, Labels.Leaf, next.Context.Span, leaf, [], chains.Slice(32 * i, 32));
        }
    }

    /// <summary>The hash of all wraps.</summary>
    public static Bytes32 HashWraps(ReadOnlySpan<byte> wraps)
    {
        Span<byte> count = stackalloc byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(count, wraps.Length / Commit.WrapSize);
        return AfHash.Hash(Labels.Wraps, count, wraps);
    }

    private static void WriteBinding(ThreadEpoch next, uint leaf, Span<byte> info, Span<byte> aad)
    {
        Labels.Wrap.CopyTo(info);
        next.ThreadId.Span.CopyTo(info[16..]);
        BinaryPrimitives.WriteUInt64LittleEndian(info[48..], next.Number);
        next.Context.Span.CopyTo(aad);
        BinaryPrimitives.WriteUInt32LittleEndian(aad[32..], leaf);
    }
}
