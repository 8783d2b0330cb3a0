namespace AgentFlow.Protocol.Identity;

/// <summary>What an identity log says of a key, as of one of its entries.</summary>
/// <param name="Key">The Ed25519 public key.</param>
/// <param name="Usage">What it may do.</param>
/// <param name="NotAfter">Unix milliseconds after which it is not to be used; 0 for no end.</param>
/// <param name="AddedAt">The sequence number of the entry that added it.</param>
/// <param name="IsRevoked">Whether it was revoked, by name or by a change of the root.</param>
public readonly record struct KeyStatus(Bytes32 Key, KeyUsage Usage, long NotAfter, uint AddedAt, bool IsRevoked)
{
    /// <summary>Whether the key is live and has this usage; no clock is asked.</summary>
    public bool Allows(KeyUsage usage) => Usage == usage && !IsRevoked;
}
