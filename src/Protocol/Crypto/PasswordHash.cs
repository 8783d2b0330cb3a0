namespace AgentFlow.Protocol.Crypto;

/// <summary>Argon2id: makes a key of a passphrase.</summary>
/// <remarks>Reference: RFC 9106, parallelism 1. 256 MiB and 3 passes take about 0.4 s: call it on a thread of its own, never on the receive loop.</remarks>
public static class PasswordHash
{
    /// <summary>The size of the salt in bytes.</summary>
    public const int SaltSize = 16;

    /// <summary>Derives a key.</summary>
    /// <param name="passphrase">The UTF-8 bytes of the passphrase; the caller zeroes them.</param>
    /// <param name="salt">16 random bytes.</param>
    /// <param name="memoryKiB">The memory in KiB, 8 to 1,048,576.</param>
    /// <param name="operations">The passes, 1 to 16.</param>
    /// <param name="key">32 bytes; the caller zeroes them.</param>
    /// <exception cref="ArgumentException">A length or number is out of range.</exception>
    /// <exception cref="InsufficientMemoryException">The memory cannot be had.</exception>
    public static void Argon2id(ReadOnlySpan<byte> passphrase, ReadOnlySpan<byte> salt, int memoryKiB, int operations, Span<byte> key)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(memoryKiB, 8);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(memoryKiB, 1 << 20);
        ArgumentOutOfRangeException.ThrowIfLessThan(operations, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(operations, 16);
        if (salt.Length != SaltSize || key.Length != 32)
            throw new ArgumentException("The salt has 16 bytes and the key 32.");
        if (!Suite.Current.TryArgon2id(passphrase, salt, memoryKiB, operations, key))
            throw new InsufficientMemoryException($"Argon2id could not get {memoryKiB} KiB of memory.");
    }
}
