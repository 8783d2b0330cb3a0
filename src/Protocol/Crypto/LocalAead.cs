namespace AgentFlow.Protocol.Crypto;

/// <summary>AES-256-GCM for local records: 32-byte key, 12-byte nonce, 16-byte tag behind the ciphertext.</summary>
/// <remarks>Reference: NIST SP 800-38D. A (key, nonce) pair may be used once: protocol.md 2.12 derives a fresh key per record. Thread-safe.</remarks>
public static class LocalAead
{
    /// <summary>The size of the tag in bytes.</summary>
    public const int TagSize = 16;

    /// <summary>The size of the nonce in bytes.</summary>
    public const int NonceSize = 12;

    /// <summary>Seals a record.</summary>
    /// <param name="key">32 bytes.</param>
    /// <param name="nonce">12 bytes, never used before with this key.</param>
    /// <param name="aad">Bytes that are bound but not hidden.</param>
    /// <param name="plaintext">The record.</param>
    /// <param name="sealedBytes">16 bytes longer than the plaintext; may begin at the same address.</param>
    /// <exception cref="ArgumentException">A length is wrong.</exception>
    public static void Seal(ReadOnlySpan<byte> key, ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> aad, ReadOnlySpan<byte> plaintext, Span<byte> sealedBytes)
    {
        if (sealedBytes.Length != plaintext.Length + TagSize)
            throw new ArgumentException($"The sealed bytes are {TagSize} longer than the plaintext.", nameof(sealedBytes));
        Suite.Current.AeadSeal(key, nonce, aad, plaintext, sealedBytes[..plaintext.Length], sealedBytes[plaintext.Length..]);
    }

    /// <summary>Opens a record. False where key, nonce, aad or bytes are not those of the seal.</summary>
    /// <param name="key">32 bytes.</param>
    /// <param name="nonce">12 bytes.</param>
    /// <param name="aad">Bytes that were bound.</param>
    /// <param name="sealedBytes">Ciphertext and tag.</param>
    /// <param name="plaintext">16 bytes shorter than the sealed bytes; may begin at the same address. Undefined where the result is false.</param>
    /// <exception cref="ArgumentException">The length of key, nonce or plaintext is wrong.</exception>
    public static bool TryOpen(ReadOnlySpan<byte> key, ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> aad, ReadOnlySpan<byte> sealedBytes, Span<byte> plaintext)
    {
        if (sealedBytes.Length < TagSize)
            return false;
        int length = sealedBytes.Length - TagSize;
        return Suite.Current.TryAeadOpen(key, nonce, aad, sealedBytes[..length], sealedBytes[length..], plaintext);
    }
}
