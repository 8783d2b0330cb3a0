namespace AgentFlow.Store;

/// <summary>A local agent: what it publishes and what it must keep to itself. Sealed as one row.</summary>
internal sealed record AgentRecord
{
    /// <summary>The agent.</summary>
    public required AgentId Agent { get; init; }

    /// <summary>Its name, one agent each.</summary>
    public required string Name { get; init; }

    /// <summary>The version that stands, 0 for one that does not stand yet.</summary>
    public required long Version { get; init; }

    /// <summary>Its identity log, entries joined.</summary>
    public required ReadOnlyMemory<byte> IdentityLog { get; init; }

    /// <summary>Its newest key bundle, or empty.</summary>
    public ReadOnlyMemory<byte> KeyBundle { get; init; }

    /// <summary>Its private keys, as <c>AgentFlow.Keys</c> encodes them.</summary>
    public required ReadOnlyMemory<byte> Secrets { get; init; }

    /// <summary>Leaves the secrets out.</summary>
    public override string ToString() => $"{Name} {Agent} version {Version}";
}

/// <summary>What is known of a peer: its identity log as far as it was seen. Shared by the agents of the process.</summary>
internal sealed record PinnedPeer
{
    /// <summary>The peer.</summary>
    public required AgentId Agent { get; init; }

    /// <summary>The sequence number of the newest entry seen.</summary>
    public required long Sequence { get; init; }

    /// <summary>The hash of the newest entry seen.</summary>
    public required Bytes32 Head { get; init; }

    /// <summary>The log, entries joined.</summary>
    public required ReadOnlyMemory<byte> IdentityLog { get; init; }

    /// <summary>The newest key bundle seen, or empty.</summary>
    public ReadOnlyMemory<byte> KeyBundle { get; init; }

    /// <summary>A log that contradicts this one, or empty. With evidence of a fork nothing is sent to this peer. A later pin without evidence does not remove it.</summary>
    public ReadOnlyMemory<byte> ForkEvidence { get; init; }
}
