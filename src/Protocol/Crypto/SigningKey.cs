using System.Security.Cryptography;

namespace AgentFlow.Protocol.Crypto;

/// <summary>An Ed25519 key pair: a root, a device, an admin or an approver key.</summary>
/// <remarks>
/// Reference: RFC 8032. The private part lives in guarded native memory. Signing is internal: AF1 signs nothing that does not begin with one of its seven
/// signature labels. Safe to share between threads until it is disposed.
/// </remarks>
public sealed class SigningKey : IDisposable
{
    /// <summary>The size of a seed in bytes.</summary>
    public const int SeedSize = 32;

    /// <summary>The size of a signature in bytes.</summary>
    public const int SignatureSize = 64;

    private readonly SecretKey _secret;

    private SigningKey(SecretKey secret, Bytes32 publicKey)
    {
        _secret = secret;
        PublicKey = publicKey;
    }

    /// <summary>The public key.</summary>
    public Bytes32 PublicKey { get; }

    /// <summary>Makes a new key.</summary>
    /// <exception cref="DllNotFoundException">libsodium is missing; the message names the install command.</exception>
    public static SigningKey Generate() => Generate(SystemRandom.Instance);

    /// <summary>Makes the key of a seed that was exported before. The caller zeroes its copy of the seed.</summary>
    /// <param name="seed">32 bytes.</param>
    /// <exception cref="ArgumentException">The seed does not have 32 bytes.</exception>
    public static SigningKey FromSeed(ReadOnlySpan<byte> seed)
    {
        if (seed.Length != SeedSize)
            throw new ArgumentException($"A seed has {SeedSize} bytes.", nameof(seed));
        Span<byte> publicKey = stackalloc byte[Bytes32.Size];
        Span<byte> secret = stackalloc byte[64];
        Suite.Current.SigningKeyPair(seed, publicKey, secret);
        var key = new SigningKey(SecretKey.Copy(secret), new Bytes32(publicKey));
        CryptographicOperations.ZeroMemory(secret);
        return key;
    }

    /// <summary>Copies the seed out, to be sealed and stored. The caller zeroes it.</summary>
    /// <param name="destination">32 bytes.</param>
    /// <exception cref="ArgumentException">The destination does not have 32 bytes.</exception>
    public void ExportSeed(Span<byte> destination)
    {
        if (destination.Length != SeedSize)
            throw new ArgumentException($"A seed has {SeedSize} bytes.", nameof(destination));
        _secret.CopyTo(destination);
    }

    /// <summary>Zeroes and frees the private part.</summary>
    public void Dispose() => _secret.Dispose();

    internal static SigningKey Generate(IRandomSource random)
    {
        Span<byte> seed = stackalloc byte[SeedSize];
        random.Fill(seed);
        var key = FromSeed(seed);
        CryptographicOperations.ZeroMemory(seed);
        return key;
    }

    /// <summary>Whether a signature of 64 bytes over the message verifies.</summary>
    internal static bool Verify(Bytes32 publicKey, ReadOnlySpan<byte> message, ReadOnlySpan<byte> signature) =>
        Suite.Current.Verify(publicKey.Span, message, signature);

    /// <summary>Whether a signature over a label and a hash verifies.</summary>
    internal static bool Verify(Bytes32 publicKey, ReadOnlySpan<byte> label, Bytes32 hash, ReadOnlySpan<byte> signature)
    {
        Span<byte> message = stackalloc byte[Labels.Size + Bytes32.Size];
        label.CopyTo(message);
        hash.Span.CopyTo(message[Labels.Size..]);
        return Suite.Current.Verify(publicKey.Span, message, signature);
    }

    /// <summary>Signs a message that begins with a signature label.</summary>
    /// <exception cref="ArgumentException">It begins with none.</exception>
    internal void Sign(ReadOnlySpan<byte> message, Span<byte> signature)
    {
        if (!Labels.BeginsWithSignatureLabel(message))
            throw new ArgumentException("An AF1 key signs only what begins with one of the seven signature labels.", nameof(message));
        Suite.Current.Sign(_secret, message, signature);
    }

    /// <summary>Signs a label and a hash.</summary>
    internal void Sign(ReadOnlySpan<byte> label, Bytes32 hash, Span<byte> signature)
    {
        Span<byte> message = stackalloc byte[Labels.Size + Bytes32.Size];
        label.CopyTo(message);
        hash.Span.CopyTo(message[Labels.Size..]);
        Sign(message, signature);
    }
}
