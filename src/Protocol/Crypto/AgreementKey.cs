using System.Security.Cryptography;

namespace AgentFlow.Protocol.Crypto;

/// <summary>An X25519 key pair: a signed prekey, by which a device enters a thread.</summary>
/// <remarks>Reference: RFC 7748. The private part lives in guarded native memory. Safe to share between threads until it is disposed.</remarks>
public sealed class AgreementKey : IDisposable
{
    /// <summary>The size of the private part in bytes.</summary>
    public const int SeedSize = 32;

    private readonly SecretKey _secret;

    private AgreementKey(SecretKey secret, Bytes32 publicKey)
    {
        _secret = secret;
        PublicKey = publicKey;
    }

    /// <summary>The public key.</summary>
    public Bytes32 PublicKey { get; }

    /// <summary>Makes a new key.</summary>
    /// <exception cref="DllNotFoundException">libsodium is missing; the message names the install command.</exception>
    public static AgreementKey Generate() => Generate(SystemRandom.Instance);

    /// <summary>Makes the key of a private part that was exported before. The caller zeroes its copy.</summary>
    /// <param name="seed">32 bytes.</param>
    /// <exception cref="ArgumentException">The seed does not have 32 bytes.</exception>
    public static AgreementKey FromSeed(ReadOnlySpan<byte> seed)
    {
        if (seed.Length != SeedSize)
            throw new ArgumentException($"A private key has {SeedSize} bytes.", nameof(seed));
        Span<byte> publicKey = stackalloc byte[Bytes32.Size];
        Suite.Current.AgreementPublicKey(seed, publicKey);
        return new AgreementKey(SecretKey.Copy(seed), new Bytes32(publicKey));
    }

    /// <summary>Copies the private part out, to be sealed and stored. The caller zeroes it.</summary>
    /// <param name="destination">32 bytes.</param>
    /// <exception cref="ArgumentException">The destination does not have 32 bytes.</exception>
    public void ExportSeed(Span<byte> destination)
    {
        if (destination.Length != SeedSize)
            throw new ArgumentException($"A private key has {SeedSize} bytes.", nameof(destination));
        _secret.CopyTo(destination);
    }

    /// <summary>Zeroes and frees the private part.</summary>
    public void Dispose() => _secret.Dispose();

    /// <summary>Whether a public key gives a secret at all: one of low order gives zero with every private key.</summary>
    internal static bool IsUsable(Bytes32 publicKey)
    {
        Span<byte> scalar = stackalloc byte[SeedSize];
        Span<byte> shared = stackalloc byte[SeedSize];
        scalar.Fill(8);
        return Suite.Current.TryAgree(scalar, publicKey.Span, shared);
    }

    internal static AgreementKey Generate(IRandomSource random)
    {
        Span<byte> seed = stackalloc byte[SeedSize];
        random.Fill(seed);
        var key = FromSeed(seed);
        CryptographicOperations.ZeroMemory(seed);
        return key;
    }
}
