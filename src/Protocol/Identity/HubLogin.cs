using System.Buffers.Binary;
using System.Text;
using AgentFlow.Protocol.Crypto;

namespace AgentFlow.Protocol.Identity;

/// <summary>The answer of a device to a hub's challenge, bound to the hub's origin so that no other hub can reuse it.</summary>
/// <remarks>Reference: protocol.md 2.3. A challenge is good once; the hub keeps that promise.</remarks>
public static class HubLogin
{
    /// <summary>The size of a challenge in bytes.</summary>
    public const int ChallengeSize = 32;

    /// <summary>The origin as it is signed: scheme, host and port in lower case, the default port left out.</summary>
    /// <param name="hub">The address as dialled; path and query do not count.</param>
    public static string OriginOf(Uri hub)
    {
        ArgumentNullException.ThrowIfNull(hub);
        string host = hub.IdnHost.ToLowerInvariant();
        if (hub.HostNameType == UriHostNameType.IPv6)
            host = $"[{host}]";
        return hub.IsDefaultPort ? $"{hub.Scheme}://{host}" : $"{hub.Scheme}://{host}:{hub.Port}";
    }

    /// <summary>Signs the answer.</summary>
    /// <param name="device">The device key.</param>
    /// <param name="origin">What <see cref="OriginOf"/> gives for the hub that was dialled.</param>
    /// <param name="challenge">The hub's 32 bytes.</param>
    /// <param name="signature">64 bytes.</param>
    /// <exception cref="ArgumentException">A length is wrong.</exception>
    public static void Sign(SigningKey device, string origin, ReadOnlySpan<byte> challenge, Span<byte> signature) =>
        device.Sign(Labels.SignHubLogin, Hash(origin, challenge), signature);

    /// <summary>Whether the answer is that of the device.</summary>
    /// <param name="device">The device's public key.</param>
    /// <param name="origin">The hub's own origin.</param>
    /// <param name="challenge">The 32 bytes that the hub sent.</param>
    /// <param name="signature">The answer, of any length.</param>
    public static bool Verify(Bytes32 device, string origin, ReadOnlySpan<byte> challenge, ReadOnlySpan<byte> signature) =>
        signature.Length == SigningKey.SignatureSize && SigningKey.Verify(device, Labels.SignHubLogin, Hash(origin, challenge), signature);

    private static Bytes32 Hash(string origin, ReadOnlySpan<byte> challenge)
    {
        ArgumentException.ThrowIfNullOrEmpty(origin);
        if (challenge.Length != ChallengeSize)
            throw new ArgumentException($"A challenge has {ChallengeSize} bytes.", nameof(challenge));
        byte[] text = Encoding.UTF8.GetBytes(origin);
        if (text.Length > ushort.MaxValue)
            throw new ArgumentException("The origin is too long.", nameof(origin));
        Span<byte> length = stackalloc byte[2];
        BinaryPrimitives.WriteUInt16LittleEndian(length, (ushort)text.Length);
        return AfHash.Hash(Labels.HubLogin, length, text, challenge);
    }
}
