namespace AgentFlow;

/// <summary>What a member kept because a device, or the hub, said two things about one thread.</summary>
/// <param name="Agent">The name of the local member that saw it.</param>
/// <param name="Position">The position for which the hub gave out <paramref name="First"/>.</param>
/// <param name="Device">The device key that signed.</param>
/// <param name="Context">The group context of the epoch, which the signatures cover.</param>
/// <param name="First">Header and trailer of the envelope that does not fit the thread as this member knows it.</param>
/// <param name="Second">
/// Header and trailer of the envelope that stands for this member in the same place of the device's own sequence: the device signed both, which proves its
/// fault to anybody. Empty where <paramref name="First"/> acknowledges a thread hash that this member never had: then the hub showed the sender another thread,
/// or the sender lies and the hub let it stand. It takes the sender's own log to tell which.
/// </param>
/// <remarks>Reference: docs/protocol.md 2.7. Verify two envelopes with <see cref="Protocol.Envelopes.EquivocationEvidence.TryVerify"/>.</remarks>
public sealed record ThreadForkEvidence(
    string Agent, long Position, Bytes32 Device, Bytes32 Context, ReadOnlyMemory<byte> First, ReadOnlyMemory<byte> Second)
{
    /// <summary>Whether a device signed two envelopes for one place of its sequence; else two views of the thread were acknowledged.</summary>
    public bool IsEquivocation => !Second.IsEmpty;
}
