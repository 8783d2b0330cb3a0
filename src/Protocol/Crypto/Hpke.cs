using System.Security.Cryptography;

namespace AgentFlow.Protocol.Crypto;

/// <summary>HPKE base mode, one message per key: how an epoch secret is wrapped to a leaf key.</summary>
/// <remarks>
/// Reference: RFC 9180, DHKEM(X25519, HKDF-SHA256) 0x0020, HKDF-SHA256 0x0001, AES-256-GCM 0x0002. The ciphertext is 16 bytes longer than the plaintext,
/// the encapsulated key has 32. Sequence number 0 only, so the nonce is the base nonce.
/// </remarks>
internal static class Hpke
{
    public const int EncapsulatedKeySize = 32;
    public const int TagSize = 16;

    private static ReadOnlySpan<byte> KemSuite => "KEM\x00\x20"u8;

    private static ReadOnlySpan<byte> HpkeSuite => "HPKE\x00\x20\x00\x01\x00\x02"u8;

    /// <summary>Seals. False where the recipient's key is of low order.</summary>
    public static bool TrySeal(
        ReadOnlySpan<byte> recipientKey, ReadOnlySpan<byte> info, ReadOnlySpan<byte> aad, ReadOnlySpan<byte> plaintext,
        IRandomSource random, Span<byte> encapsulatedKey, Span<byte> ciphertext)
    {
        Span<byte> ephemeral = stackalloc byte[32];
        Span<byte> shared = stackalloc byte[32];
        Span<byte> key = stackalloc byte[32];
        Span<byte> nonce = stackalloc byte[12];
        random.Fill(ephemeral);
        Suite.Current.AgreementPublicKey(ephemeral, encapsulatedKey);
        bool isUsable = TryDeriveShared(ephemeral, recipientKey, encapsulatedKey, recipientKey, shared);
        if (isUsable)
        {
            DeriveKey(shared, info, key, nonce);
            Suite.Current.AeadSeal(key, nonce, aad, plaintext, ciphertext[..plaintext.Length], ciphertext[plaintext.Length..]);
        }

        CryptographicOperations.ZeroMemory(ephemeral);
        CryptographicOperations.ZeroMemory(shared);
        CryptographicOperations.ZeroMemory(key);
        return isUsable;
    }

    /// <summary>Opens. False where the key is not the recipient's or anything was changed.</summary>
    public static bool TryOpen(
        ReadOnlySpan<byte> privateKey, ReadOnlySpan<byte> publicKey, ReadOnlySpan<byte> encapsulatedKey,
        ReadOnlySpan<byte> info, ReadOnlySpan<byte> aad, ReadOnlySpan<byte> ciphertext, Span<byte> plaintext)
    {
        Span<byte> shared = stackalloc byte[32];
        Span<byte> key = stackalloc byte[32];
        Span<byte> nonce = stackalloc byte[12];
        bool isOpen = ciphertext.Length == plaintext.Length + TagSize && TryDeriveShared(privateKey, encapsulatedKey, encapsulatedKey, publicKey, shared);
        if (isOpen)
        {
            DeriveKey(shared, info, key, nonce);
            isOpen = Suite.Current.TryAeadOpen(key, nonce, aad, ciphertext[..plaintext.Length], ciphertext[plaintext.Length..], plaintext);
        }

        CryptographicOperations.ZeroMemory(shared);
        CryptographicOperations.ZeroMemory(key);
        return isOpen;
    }

    /// <summary>Key schedule of mode 0: the AEAD key and the base nonce.</summary>
    internal static void DeriveKey(ReadOnlySpan<byte> shared, ReadOnlySpan<byte> info, Span<byte> key, Span<byte> baseNonce)
    {
        Span<byte> context = stackalloc byte[65];
        context[0] = 0;
        LabeledExtract(HpkeSuite, [], "psk_id_hash"u8, [], context.Slice(1, 32));
        LabeledExtract(HpkeSuite, [], "info_hash"u8, info, context.Slice(33, 32));
        Span<byte> secret = stackalloc byte[32];
        LabeledExtract(HpkeSuite, shared, "secret"u8, [], secret);
        LabeledExpand(HpkeSuite, secret, "key"u8, context, key);
        LabeledExpand(HpkeSuite, secret, "base_nonce"u8, context, baseNonce);
        CryptographicOperations.ZeroMemory(secret);
    }

    internal static bool TryDeriveShared(
        ReadOnlySpan<byte> ownPrivate, ReadOnlySpan<byte> peer, ReadOnlySpan<byte> encapsulatedKey, ReadOnlySpan<byte> recipientKey, Span<byte> shared)
    {
        Span<byte> agreed = stackalloc byte[32];
        Span<byte> prk = stackalloc byte[32];
        Span<byte> context = stackalloc byte[64];
        if (!Suite.Current.TryAgree(ownPrivate, peer, agreed))
            return false;
        encapsulatedKey.CopyTo(context);
        recipientKey.CopyTo(context[32..]);
        LabeledExtract(KemSuite, [], "eae_prk"u8, agreed, prk);
        LabeledExpand(KemSuite, prk, "shared_secret"u8, context, shared);
        CryptographicOperations.ZeroMemory(agreed);
        CryptographicOperations.ZeroMemory(prk);
        return true;
    }

    private static void LabeledExtract(ReadOnlySpan<byte> suite, ReadOnlySpan<byte> salt, ReadOnlySpan<byte> label, ReadOnlySpan<byte> input, Span<byte> prk)
    {
        Span<byte> joined = stackalloc byte[7 + suite.Length + label.Length + input.Length];
        "HPKE-v1"u8.CopyTo(joined);
        suite.CopyTo(joined[7..]);
        label.CopyTo(joined[(7 + suite.Length)..]);
        input.CopyTo(joined[(7 + suite.Length + label.Length)..]);
        HKDF.Extract(HashAlgorithmName.SHA256, joined, salt, prk);
        CryptographicOperations.ZeroMemory(joined);
    }

    private static void LabeledExpand(ReadOnlySpan<byte> suite, ReadOnlySpan<byte> prk, ReadOnlySpan<byte> label, ReadOnlySpan<byte> info, Span<byte> output)
    {
        Span<byte> joined = stackalloc byte[9 + suite.Length + label.Length + info.Length];
        joined[0] = 0;
        joined[1] = (byte)output.Length;
        "HPKE-v1"u8.CopyTo(joined[2..]);
        suite.CopyTo(joined[9..]);
        label.CopyTo(joined[(9 + suite.Length)..]);
        info.CopyTo(joined[(9 + suite.Length + label.Length)..]);
        HKDF.Expand(HashAlgorithmName.SHA256, prk, output, joined);
    }
}
