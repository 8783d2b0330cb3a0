using AgentFlow.Protocol.Crypto;

namespace AgentFlow.Protocol.Identity;

/// <summary>By what a device proves to a hub which agent it speaks for. Thread-safe.</summary>
/// <remarks>It uses the key and does not own it: dispose the key only when the hub is not used any more.</remarks>
/// <param name="agent">The agent, in whose identity log the device is live.</param>
/// <param name="device">The device key.</param>
public sealed class HubCredential(AgentId agent, SigningKey device)
{
    /// <summary>The agent.</summary>
    public AgentId Agent { get; } = agent;

    /// <summary>The public key of the device.</summary>
    public Bytes32 Device { get; } = device.PublicKey;

    /// <summary>Answers a challenge; see <see cref="HubLogin.Sign"/>.</summary>
    /// <param name="origin">The origin of the hub that was dialled.</param>
    /// <param name="challenge">The hub's 32 bytes.</param>
    /// <param name="signature">64 bytes.</param>
    public void Sign(string origin, ReadOnlySpan<byte> challenge, Span<byte> signature) => HubLogin.Sign(device, origin, challenge, signature);
}
