using System.Runtime.CompilerServices;

namespace AgentFlow.Protocol.Crypto;

/// <summary>Suite 1 on libsodium, with AES-256-GCM from the base class library where the processor has no AES instructions.</summary>
internal sealed unsafe class SodiumSuite : ICryptoSuite
{
    private const int Argon2idAlgorithm = 2;
    private readonly bool _hasAes;

    /// <param name="useNativeAes">False takes the fallback on every machine; for tests.</param>
    public SodiumSuite(bool useNativeAes = true)
    {
        SodiumLibrary.Load();
        _hasAes = useNativeAes && Sodium.crypto_aead_aes256gcm_is_available() == 1;
    }

    public void SigningKeyPair(ReadOnlySpan<byte> seed, Span<byte> publicKey, Span<byte> secretKey)
    {
        Require(seed.Length == 32 && publicKey.Length == 32 && secretKey.Length == 64);
        fixed (byte* s = seed, p = publicKey, k = secretKey)
            Require(Sodium.crypto_sign_seed_keypair(p, k, s) == 0);
    }

    public void Sign(SecretKey secretKey, ReadOnlySpan<byte> message, Span<byte> signature)
    {
        Require(secretKey.Length == 64 && signature.Length == 64);
        fixed (byte* m = message, s = signature)
            Require(Sodium.crypto_sign_detached(s, null, m, (ulong)message.Length, secretKey) == 0);
    }

    public bool Verify(ReadOnlySpan<byte> publicKey, ReadOnlySpan<byte> message, ReadOnlySpan<byte> signature)
    {
        Require(publicKey.Length == 32 && signature.Length == 64);
        fixed (byte* p = publicKey, m = message, s = signature)
            return Sodium.crypto_sign_verify_detached(s, m, (ulong)message.Length, p) == 0;
    }

    public void AgreementPublicKey(ReadOnlySpan<byte> privateKey, Span<byte> publicKey)
    {
        Require(privateKey.Length == 32 && publicKey.Length == 32);
        fixed (byte* k = privateKey, p = publicKey)
            Require(Sodium.crypto_scalarmult_base(p, k) == 0);
    }

    public bool TryAgree(ReadOnlySpan<byte> privateKey, ReadOnlySpan<byte> peerKey, Span<byte> shared)
    {
        Require(privateKey.Length == 32 && peerKey.Length == 32 && shared.Length == 32);
        fixed (byte* k = privateKey, p = peerKey, s = shared)
            return Sodium.crypto_scalarmult(s, k, p) == 0 && shared.ContainsAnyExcept((byte)0);
    }

    public void HashInit(Span<byte> state, ReadOnlySpan<byte> key, int outputLength)
    {
        Require(state.Length == Blake2b.StateSize && key.Length is 0 or 32 && outputLength is 32 or 64);
        fixed (byte* s = state, k = key)
            Require(Sodium.crypto_generichash_init(s, k, (nuint)key.Length, (nuint)outputLength) == 0);
    }

    public void HashUpdate(Span<byte> state, ReadOnlySpan<byte> input)
    {
        Require(state.Length == Blake2b.StateSize);
        fixed (byte* s = state, i = input)
            Require(Sodium.crypto_generichash_update(s, i, (ulong)input.Length) == 0);
    }

    public void HashFinal(Span<byte> state, Span<byte> output)
    {
        Require(state.Length == Blake2b.StateSize && output.Length is 32 or 64);
        fixed (byte* s = state, o = output)
            Require(Sodium.crypto_generichash_final(s, o, (nuint)output.Length) == 0);
    }

    public void AeadSeal(
        ReadOnlySpan<byte> key, ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> aad, ReadOnlySpan<byte> plaintext, Span<byte> ciphertext, Span<byte> tag)
    {
        Require(key.Length == 32 && nonce.Length == 12 && tag.Length == 16 && ciphertext.Length == plaintext.Length);
        if (!_hasAes)
        {
            PlatformAead.Seal(key, nonce, aad, plaintext, ciphertext, tag);
            return;
        }

        fixed (byte* k = key, n = nonce, a = aad, p = plaintext, c = ciphertext, t = tag)
            Require(Sodium.crypto_aead_aes256gcm_encrypt_detached(c, t, null, p, (ulong)plaintext.Length, a, (ulong)aad.Length, null, n, k) == 0);
    }

    public bool TryAeadOpen(
        ReadOnlySpan<byte> key, ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> aad, ReadOnlySpan<byte> ciphertext, ReadOnlySpan<byte> tag, Span<byte> plaintext)
    {
        Require(key.Length == 32 && nonce.Length == 12 && tag.Length == 16 && plaintext.Length == ciphertext.Length);
        if (!_hasAes)
            return PlatformAead.TryOpen(key, nonce, aad, ciphertext, tag, plaintext);
        fixed (byte* k = key, n = nonce, a = aad, p = plaintext, c = ciphertext, t = tag)
            return Sodium.crypto_aead_aes256gcm_decrypt_detached(p, null, c, (ulong)ciphertext.Length, t, a, (ulong)aad.Length, n, k) == 0;
    }

    public bool TryArgon2id(ReadOnlySpan<byte> password, ReadOnlySpan<byte> salt, int memoryKiB, int operations, Span<byte> key)
    {
        Require(salt.Length == 16 && key.Length >= 16 && memoryKiB >= 8 && operations >= 1);
        fixed (byte* w = password, s = salt, k = key)
        {
            return Sodium.crypto_pwhash(
                k, (ulong)key.Length, w, (ulong)password.Length, s, (ulong)operations, (nuint)memoryKiB * 1024, Argon2idAlgorithm) == 0;
        }
    }

    private static void Require(bool condition, [CallerMemberName] string operation = "")
    {
        if (!condition)
            throw new ArgumentException($"{operation} was called with a wrong length, or the native library failed.");
    }
}
