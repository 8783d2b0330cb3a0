using AgentFlow.Protocol.Envelopes;

namespace AgentFlow.Protocol.Threads;

/// <summary>An envelope that passed all public checks at the next position of its thread: pass it to <see cref="PublicThread.Accept"/>.</summary>
public readonly struct CheckedEnvelope
{
    /// <summary>The position that it was checked for.</summary>
    public long Position { get; internal init; }

    /// <summary>What it is.</summary>
    public EnvelopeKind Kind { get; internal init; }

    /// <summary>The sending leaf.</summary>
    public uint Leaf { get; internal init; }

    /// <summary>The sending device.</summary>
    public Bytes32 Device { get; internal init; }

    /// <summary>The digest E.</summary>
    public Bytes32 Digest { get; internal init; }

    /// <summary>The number of the envelope among those of its device.</summary>
    public ulong SenderSeq { get; internal init; }

    /// <summary>The position that the sender acknowledged.</summary>
    public long AckSeq { get; internal init; }

    /// <summary>The step of the sender's ratchet.</summary>
    public uint Generation { get; internal init; }

    /// <summary>The epoch that the envelope makes, where it is a Commit.</summary>
    public ThreadEpoch? Next { get; internal init; }

    /// <summary>T before this envelope: the state that it was checked against.</summary>
    internal Bytes32 Base { get; init; }

    /// <summary>The place of the leaf in the roster.</summary>
    internal int SlotIndex { get; init; }
}
