namespace AgentFlow.Protocol.Crypto;

/// <summary>The domain labels of AF1: ASCII, zero-padded to 16 bytes, in front of everything that is hashed, keyed or signed.</summary>
/// <remarks>Reference: protocol.md 2.1. The seven <c>Sign…</c> labels are the only ones that a signature may begin with.</remarks>
public static class Labels
{
    /// <summary>The size of every label in bytes.</summary>
    public const int Size = 16;

    /// <summary>Signature over an identity log entry.</summary>
    public static ReadOnlySpan<byte> SignIdentity => "AF1 sig id\0\0\0\0\0\0"u8;

    /// <summary>Signature over a key bundle.</summary>
    public static ReadOnlySpan<byte> SignBundle => "AF1 sig spk\0\0\0\0\0"u8;

    /// <summary>Signature over a hub login.</summary>
    public static ReadOnlySpan<byte> SignHubLogin => "AF1 sig hub\0\0\0\0\0"u8;

    /// <summary>Signature over a leaf update.</summary>
    public static ReadOnlySpan<byte> SignLeafUpdate => "AF1 sig leaf\0\0\0\0"u8;

    /// <summary>Signature over one envelope.</summary>
    public static ReadOnlySpan<byte> SignEnvelope => "AF1 sig\0\0\0\0\0\0\0\0\0"u8;

    /// <summary>Signature over a batch root.</summary>
    public static ReadOnlySpan<byte> SignBatch => "AF1 batch\0\0\0\0\0\0\0"u8;

    /// <summary>Signature over an approval statement.</summary>
    public static ReadOnlySpan<byte> SignApproval => "AF1 approval\0\0\0\0"u8;

    /// <summary>Hash of a log entry.</summary>
    public static ReadOnlySpan<byte> IdentityLog => "AF1 idlog\0\0\0\0\0\0\0"u8;

    /// <summary>Hash of an agent id.</summary>
    public static ReadOnlySpan<byte> Agent => "AF1 agent\0\0\0\0\0\0\0"u8;

    /// <summary>Hash of the next root key.</summary>
    public static ReadOnlySpan<byte> NextRoot => "AF1 next\0\0\0\0\0\0\0\0"u8;

    /// <summary>Hash of the recovery key.</summary>
    public static ReadOnlySpan<byte> Recovery => "AF1 recover\0\0\0\0\0"u8;

    /// <summary>Hash of a key bundle.</summary>
    public static ReadOnlySpan<byte> Bundle => "AF1 spk\0\0\0\0\0\0\0\0\0"u8;

    /// <summary>Hash of a hub login.</summary>
    public static ReadOnlySpan<byte> HubLogin => "AF1 hub auth\0\0\0\0"u8;

    /// <summary>Hash of what a leaf update signs.</summary>
    public static ReadOnlySpan<byte> LeafUpdate => "AF1 leaf update\0"u8;

    /// <summary>Hash of a thread id.</summary>
    public static ReadOnlySpan<byte> ThreadId => "AF1 thread id\0\0\0"u8;

    /// <summary>Hash of a roster.</summary>
    public static ReadOnlySpan<byte> Roster => "AF1 roster\0\0\0\0\0\0"u8;

    /// <summary>Hash of a policy.</summary>
    public static ReadOnlySpan<byte> Policy => "AF1 policy\0\0\0\0\0\0"u8;

    /// <summary>Hash of a contract catalogue.</summary>
    public static ReadOnlySpan<byte> Catalogue => "AF1 catalogue\0\0\0"u8;

    /// <summary>Hash of a group context.</summary>
    public static ReadOnlySpan<byte> Context => "AF1 ctx\0\0\0\0\0\0\0\0\0"u8;

    /// <summary>Hash of the wraps of a Commit.</summary>
    public static ReadOnlySpan<byte> Wraps => "AF1 wraps\0\0\0\0\0\0\0"u8;

    /// <summary>Hash of a schema text.</summary>
    public static ReadOnlySpan<byte> Schema => "AF1 schema\0\0\0\0\0\0"u8;

    /// <summary>Hash of the reason of an approval.</summary>
    public static ReadOnlySpan<byte> Reason => "AF1 reason\0\0\0\0\0\0"u8;

    /// <summary>Hash of the body of a Commit (its C).</summary>
    public static ReadOnlySpan<byte> Body => "AF1 body\0\0\0\0\0\0\0\0"u8;

    /// <summary>Hash of an envelope (E).</summary>
    public static ReadOnlySpan<byte> Envelope => "AF1 env\0\0\0\0\0\0\0\0\0"u8;

    /// <summary>Hash of a thread up to a position (T).</summary>
    public static ReadOnlySpan<byte> Thread => "AF1 thread\0\0\0\0\0\0"u8;

    /// <summary>Hash of a leaf of the batch tree.</summary>
    public static ReadOnlySpan<byte> BatchLeaf => "AF1 leaf env\0\0\0\0"u8;

    /// <summary>Hash of an inner node of the batch tree.</summary>
    public static ReadOnlySpan<byte> BatchNode => "AF1 node\0\0\0\0\0\0\0\0"u8;

    /// <summary>Hash of a contract name.</summary>
    public static ReadOnlySpan<byte> Contract => "AF1 contract\0\0\0\0"u8;

    /// <summary>Hash of the subject of an approval.</summary>
    public static ReadOnlySpan<byte> Subject => "AF1 subject\0\0\0\0\0"u8;

    /// <summary>Hash: the key for external systems.</summary>
    public static ReadOnlySpan<byte> Effect => "AF1 effect\0\0\0\0\0\0"u8;

    /// <summary>Hash of the ciphertext of an attachment.</summary>
    public static ReadOnlySpan<byte> Blob => "AF1 blob\0\0\0\0\0\0\0\0"u8;

    /// <summary>Hash of the plaintext of an attachment.</summary>
    public static ReadOnlySpan<byte> FileHash => "AF1 filehash\0\0\0\0"u8;

    /// <summary>Hash of a device linking request.</summary>
    public static ReadOnlySpan<byte> Link => "AF1 link\0\0\0\0\0\0\0\0"u8;

    /// <summary>MAC: the confirmation of an epoch secret.</summary>
    public static ReadOnlySpan<byte> Confirm => "AF1 confirm\0\0\0\0\0"u8;

    /// <summary>MAC: the first chain key of a leaf.</summary>
    public static ReadOnlySpan<byte> Leaf => "AF1 leaf\0\0\0\0\0\0\0\0"u8;

    /// <summary>MAC: the commitment C of an envelope.</summary>
    public static ReadOnlySpan<byte> Commitment => "AF1 commit\0\0\0\0\0\0"u8;

    /// <summary>MAC: the key of a local record.</summary>
    public static ReadOnlySpan<byte> Store => "AF1 store\0\0\0\0\0\0\0"u8;

    /// <summary>KDF2: a step of the ratchet.</summary>
    public static ReadOnlySpan<byte> Chain => "AF1 chain\0\0\0\0\0\0\0"u8;

    /// <summary>KDF2: the two halves of a message key.</summary>
    public static ReadOnlySpan<byte> Message => "AF1 msg\0\0\0\0\0\0\0\0\0"u8;

    /// <summary>HPKE: the info of a wrapped epoch secret.</summary>
    public static ReadOnlySpan<byte> Wrap => "AF1 wrap\0\0\0\0\0\0\0\0"u8;

    /// <summary>AEAD: the associated data of an attachment chunk.</summary>
    public static ReadOnlySpan<byte> File => "AF1 file\0\0\0\0\0\0\0\0"u8;

    /// <summary>HKDF: the info of a backup key. The only one that is not padded: 10 bytes.</summary>
    public static ReadOnlySpan<byte> BackupInfo => "AF1 backup"u8;

    /// <summary>Whether the bytes begin with one of the seven labels that a key may sign.</summary>
    internal static bool BeginsWithSignatureLabel(ReadOnlySpan<byte> message) =>
        message.StartsWith(SignIdentity)
        || message.StartsWith(SignBundle)
        || message.StartsWith(SignHubLogin)
        || message.StartsWith(SignLeafUpdate)
        || message.StartsWith(SignEnvelope)
        || message.StartsWith(SignBatch)
        || message.StartsWith(SignApproval);
}
