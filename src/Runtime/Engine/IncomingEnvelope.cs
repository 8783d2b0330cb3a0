using AgentFlow.Protocol;
using AgentFlow.Store;

namespace AgentFlow.Engine;

/// <summary>What became of an envelope that was looked at.</summary>
internal enum IncomingKind
{
    /// <summary>It was opened, or is a Commit that was accepted.</summary>
    Opened,

    /// <summary>This device sealed it.</summary>
    Own,

    /// <summary>It is signed well and could not be opened.</summary>
    Rejected,

    /// <summary>Its body has expired at the hub.</summary>
    Expired,

    /// <summary>The public checks passed and the body does not open. Nothing has moved: it is to be fetched once more.</summary>
    Damaged,

    /// <summary>It does not belong at this position: the hub's fault. Nothing has moved.</summary>
    Fault,
}

/// <summary>An envelope after all checks.</summary>
internal sealed record IncomingEnvelope
{
    public required IncomingKind Kind { get; init; }

    public required long Position { get; init; }

    /// <summary>E.</summary>
    public Bytes32 Digest { get; init; }

    /// <summary>T at this position.</summary>
    public Bytes32 ThreadHash { get; init; }

    /// <summary>The position that its sender acknowledges.</summary>
    public long Acknowledged { get; init; }

    /// <summary>What the history keeps; null for an own one, whose record was kept when it was sealed.</summary>
    public HistoryRecord? Record { get; init; }

    /// <summary>Which check failed.</summary>
    public ProtocolError Error { get; init; }

    /// <summary>Why it was rejected, or is a fault.</summary>
    public string? Reason { get; init; }
}

/// <summary>An envelope that was sealed and is not sent yet.</summary>
/// <param name="Digest">E.</param>
/// <param name="Bytes">What is sent, each time.</param>
/// <param name="Record">What the history keeps.</param>
internal sealed record SealedEnvelope(Bytes32 Digest, byte[] Bytes, HistoryRecord Record);
