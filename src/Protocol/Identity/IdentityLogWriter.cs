using System.Buffers.Binary;
using AgentFlow.Protocol.Crypto;

namespace AgentFlow.Protocol.Identity;

/// <summary>Makes identity logs and their entries. Each method gives the new, longer log; the old one stays as it is.</summary>
/// <remarks>
/// All methods throw <see cref="InvalidOperationException"/> where the rules of the log refuse the new entry: a wrong signer, a key twice, a wrong root.
/// </remarks>
public static class IdentityLogWriter
{
    /// <summary>The hash that commits to the next root key.</summary>
    /// <param name="nextRoot">The public key, whose private part is kept offline.</param>
    public static Bytes32 NextRootHash(Bytes32 nextRoot) => AfHash.Hash(Labels.NextRoot, nextRoot.Span);

    /// <summary>The hash that commits to the recovery key.</summary>
    /// <param name="recovery">The public key, whose private part is kept offline.</param>
    public static Bytes32 RecoveryHash(Bytes32 recovery) => AfHash.Hash(Labels.Recovery, recovery.Span);

    /// <summary>Makes a new identity.</summary>
    /// <param name="name">1 to 255 bytes of UTF-8 without @, /, spaces and control characters.</param>
    /// <param name="root">The root key.</param>
    /// <param name="nextRootHash">What <see cref="NextRootHash"/> gives for the next root key.</param>
    /// <param name="recoveryHash">What <see cref="RecoveryHash"/> gives for the recovery key, or zero for none.</param>
    /// <param name="time">Unix milliseconds.</param>
    public static IdentityLog CreateGenesis(string name, SigningKey root, Bytes32 nextRootHash, Bytes32 recoveryHash, long time)
    {
        byte[] text = IdentityName.Encode(name);
        Span<byte> body = stackalloc byte[IdentityEntry.GenesisFixedSize + text.Length];
        Join(body, root.PublicKey, nextRootHash, recoveryHash);
        body[96] = (byte)text.Length;
        text.CopyTo(body[97..]);
        return Append(null, IdentityEntryType.Genesis, time, body, root, null);
    }

    /// <summary>Adds a key.</summary>
    /// <param name="log">The log.</param>
    /// <param name="newKey">The key, which proves that its private part is at hand.</param>
    /// <param name="usage">What it may do.</param>
    /// <param name="notAfter">Unix milliseconds of its end; 0 for none.</param>
    /// <param name="signer">The root, or for a message device also a live admin key.</param>
    /// <param name="time">Unix milliseconds.</param>
    public static IdentityLog AddKey(IdentityLog log, SigningKey newKey, KeyUsage usage, long notAfter, SigningKey signer, long time)
    {
        Span<byte> body = stackalloc byte[IdentityEntry.AddKeySize];
        body.Clear();
        newKey.PublicKey.Span.CopyTo(body);
        BinaryPrimitives.WriteUInt16LittleEndian(body[32..], (ushort)usage);
        BinaryPrimitives.WriteInt64LittleEndian(body[36..], notAfter);
        signer.PublicKey.Span.CopyTo(body[44..]);
        return Append(log, IdentityEntryType.AddKey, time, body, signer, newKey);
    }

    /// <summary>Revokes a key.</summary>
    /// <param name="log">The log.</param>
    /// <param name="key">The public key.</param>
    /// <param name="reason">A number of the owner's choice; 0 for none.</param>
    /// <param name="suspectedSince">Unix milliseconds from when it may have been stolen, for information only; 0 for none.</param>
    /// <param name="signer">The root or a live admin key.</param>
    /// <param name="time">Unix milliseconds.</param>
    public static IdentityLog RevokeKey(IdentityLog log, Bytes32 key, byte reason, long suspectedSince, SigningKey signer, long time)
    {
        Span<byte> body = stackalloc byte[IdentityEntry.RevokeKeySize];
        key.Span.CopyTo(body);
        body[32] = reason;
        BinaryPrimitives.WriteInt64LittleEndian(body[33..], suspectedSince);
        signer.PublicKey.Span.CopyTo(body[41..]);
        return Append(log, IdentityEntryType.RevokeKey, time, body, signer, null);
    }

    /// <summary>Replaces the root by the key that was committed to before.</summary>
    /// <param name="log">The log.</param>
    /// <param name="oldRoot">The current root.</param>
    /// <param name="newRoot">The key whose hash the log holds.</param>
    /// <param name="nextRootHash">The commitment to the root after it.</param>
    /// <param name="recoveryHash">The commitment to the recovery key, or zero.</param>
    /// <param name="keepThroughSeq">Every key added after this entry is revoked.</param>
    /// <param name="time">Unix milliseconds.</param>
    public static IdentityLog RotateRoot(
        IdentityLog log, SigningKey oldRoot, SigningKey newRoot, Bytes32 nextRootHash, Bytes32 recoveryHash, uint keepThroughSeq, long time)
    {
        Span<byte> body = stackalloc byte[IdentityEntry.RotateRootSize];
        Join(body, newRoot.PublicKey, nextRootHash, recoveryHash);
        BinaryPrimitives.WriteUInt32LittleEndian(body[96..], keepThroughSeq);
        return Append(log, IdentityEntryType.RotateRoot, time, body, oldRoot, newRoot);
    }

    /// <summary>Replaces a lost or stolen root by means of the recovery key.</summary>
    /// <param name="log">The log.</param>
    /// <param name="recovery">The key whose hash the log holds.</param>
    /// <param name="newRoot">A new root.</param>
    /// <param name="nextRootHash">The commitment to the root after it.</param>
    /// <param name="recoveryHash">The commitment to a new recovery key, or zero.</param>
    /// <param name="keepThroughSeq">Every key added after this entry is revoked.</param>
    /// <param name="time">Unix milliseconds.</param>
    public static IdentityLog Recover(
        IdentityLog log, SigningKey recovery, SigningKey newRoot, Bytes32 nextRootHash, Bytes32 recoveryHash, uint keepThroughSeq, long time)
    {
        Span<byte> body = stackalloc byte[IdentityEntry.RecoverSize];
        Join(body, newRoot.PublicKey, nextRootHash, recovery.PublicKey);
        recoveryHash.Span.CopyTo(body[96..]);
        BinaryPrimitives.WriteUInt32LittleEndian(body[128..], keepThroughSeq);
        return Append(log, IdentityEntryType.Recover, time, body, recovery, newRoot);
    }

    private static IdentityLog Append(IdentityLog? log, IdentityEntryType type, long time, ReadOnlySpan<byte> body, SigningKey first, SigningKey? second)
    {
        int signatures = second is null ? 1 : 2, signedLength = IdentityEntry.HeaderSize + body.Length;
        byte[] entry = new byte[signedLength + (signatures * SigningKey.SignatureSize)];
        "AI\x01"u8.CopyTo(entry);
        entry[3] = (byte)type;
        if (log is not null)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(entry.AsSpan(4), log.HeadSeq + 1);
            log.Head.Span.CopyTo(entry.AsSpan(8));
        }

        BinaryPrimitives.WriteInt64LittleEndian(entry.AsSpan(40), time);
        BinaryPrimitives.WriteUInt16LittleEndian(entry.AsSpan(48), (ushort)body.Length);
        entry[50] = (byte)signatures;
        body.CopyTo(entry.AsSpan(IdentityEntry.HeaderSize));
        Bytes32 hash = AfHash.Hash(Labels.IdentityLog, entry.AsSpan(0, signedLength));
        first.Sign(Labels.SignIdentity, hash, entry.AsSpan(signedLength, SigningKey.SignatureSize));
        second?.Sign(Labels.SignIdentity, hash, entry.AsSpan(signedLength + SigningKey.SignatureSize));

        IdentityLog? longer;
        ProtocolError error;
        bool isValid = log is null ? IdentityLog.TryParse(entry, out longer, out error) : log.TryExtend(entry, out longer, out error);
        return isValid ? longer! : throw new InvalidOperationException(
            $"The rules of the identity log refuse this {type} entry ({error}): see the remarks of {nameof(IdentityLogWriter)}.");
    }

    private static void Join(Span<byte> body, Bytes32 a, Bytes32 b, Bytes32 c)
    {
        a.Span.CopyTo(body);
        b.Span.CopyTo(body[32..]);
        c.Span.CopyTo(body[64..]);
    }
}
