namespace AgentFlow.Protocol.Threads;

/// <summary>One change of a Commit. Reference: protocol.md 2.5.</summary>
internal abstract record CommitChange
{
    /// <summary>The order of the kinds in a Commit, which is also their first byte.</summary>
    public abstract byte Kind { get; }
}

/// <summary>A leaf goes. The log fields are zero unless they prove that the device key was revoked.</summary>
internal sealed record RemoveLeaf(uint Leaf, uint LogSeq, Bytes32 LogHead) : CommitChange
{
    public override byte Kind => 1;

    public bool NamesLog => LogSeq != 0 || !LogHead.IsZero;
}

/// <summary>A leaf gets a new key, signed by its device.</summary>
internal sealed record UpdateLeaf(uint Leaf, Bytes32 LeafKey, uint LogSeq, Bytes32 LogHead, ulong BaseEpoch, byte[] Signature) : CommitChange
{
    public override byte Kind => 2;
}

/// <summary>A leaf comes: an entry, and what rebuilds the key bundle that its device signed.</summary>
internal sealed record AddLeaf(uint Leaf, RosterEntry Entry, uint PrekeyId, long Created, long NotAfter, uint Suites, byte[] Signature) : CommitChange
{
    public override byte Kind => 3;
}

/// <summary>The policy tightens.</summary>
internal sealed record ChangePolicy(ThreadPolicy Policy) : CommitChange
{
    public override byte Kind => 4;
}
