using System.Security.Cryptography;

namespace AgentFlow.Protocol.Crypto;

/// <summary>Where random bytes come from. Only tests with known answers give another one than <see cref="SystemRandom"/>.</summary>
internal interface IRandomSource
{
    /// <summary>Fills the bytes.</summary>
    void Fill(Span<byte> bytes);
}

/// <summary>The random source of the operating system.</summary>
internal sealed class SystemRandom : IRandomSource
{
    public static SystemRandom Instance { get; } = new();

    public void Fill(Span<byte> bytes) => RandomNumberGenerator.Fill(bytes);
}

/// <summary>Random bytes from the operating system.</summary>
public static class SecureRandom
{
    /// <summary>Fills the bytes with random ones.</summary>
    public static void Fill(Span<byte> bytes) => RandomNumberGenerator.Fill(bytes);
}
