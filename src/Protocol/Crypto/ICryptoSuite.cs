namespace AgentFlow.Protocol.Crypto;

/// <summary>The primitives of one AF1 suite. Suite 1: Ed25519, X25519, BLAKE2b, AES-256-GCM, Argon2id.</summary>
/// <remarks>Implementations are thread-safe and allocate nothing. Ed25519 acceptance is cofactorless and strict, as protocol.md 2.1 demands.</remarks>
internal interface ICryptoSuite
{
    /// <summary>Makes the Ed25519 key pair of a 32-byte seed: 32 bytes public, 64 bytes secret (seed, then public).</summary>
    void SigningKeyPair(ReadOnlySpan<byte> seed, Span<byte> publicKey, Span<byte> secretKey);

    /// <summary>Signs a message with Ed25519 (RFC 8032).</summary>
    void Sign(SecretKey secretKey, ReadOnlySpan<byte> message, Span<byte> signature);

    /// <summary>Whether an Ed25519 signature of 64 bytes verifies under a key of 32 bytes.</summary>
    bool Verify(ReadOnlySpan<byte> publicKey, ReadOnlySpan<byte> message, ReadOnlySpan<byte> signature);

    /// <summary>Makes the X25519 public key of a private one.</summary>
    void AgreementPublicKey(ReadOnlySpan<byte> privateKey, Span<byte> publicKey);

    /// <summary>X25519 (RFC 7748). False where the result is zero: a low-order peer key.</summary>
    bool TryAgree(ReadOnlySpan<byte> privateKey, ReadOnlySpan<byte> peerKey, Span<byte> shared);

    /// <summary>Starts BLAKE2b (RFC 7693) in a state of <see cref="Blake2b.StateSize"/> bytes, with a key of 0 or 32 bytes.</summary>
    void HashInit(Span<byte> state, ReadOnlySpan<byte> key, int outputLength);

    /// <summary>Feeds BLAKE2b.</summary>
    void HashUpdate(Span<byte> state, ReadOnlySpan<byte> input);

    /// <summary>Ends BLAKE2b; the output has the length that was given at the start.</summary>
    void HashFinal(Span<byte> state, Span<byte> output);

    /// <summary>AES-256-GCM; ciphertext may be the same memory as the plaintext. Tag 16 bytes.</summary>
    void AeadSeal(
        ReadOnlySpan<byte> key, ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> aad, ReadOnlySpan<byte> plaintext, Span<byte> ciphertext, Span<byte> tag);

    /// <summary>AES-256-GCM; plaintext may be the same memory as the ciphertext. False where the tag is wrong.</summary>
    bool TryAeadOpen(
        ReadOnlySpan<byte> key, ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> aad, ReadOnlySpan<byte> ciphertext, ReadOnlySpan<byte> tag, Span<byte> plaintext);

    /// <summary>Argon2id (RFC 9106) with parallelism 1 and a salt of 16 bytes. False where the memory cannot be had.</summary>
    bool TryArgon2id(ReadOnlySpan<byte> password, ReadOnlySpan<byte> salt, int memoryKiB, int operations, Span<byte> key);
}
