namespace AgentFlow.Store;

/// <summary>What became of an envelope at its position.</summary>
internal enum HistoryStatus
{
    /// <summary>It was opened.</summary>
    Opened = 1,

    /// <summary>It was signed well and could not be opened: visible, and passed.</summary>
    Rejected = 2,

    /// <summary>It was opened and needs newer code.</summary>
    Parked = 3,

    /// <summary>The hub had header and trailer only.</summary>
    Expired = 4,

    /// <summary>This device sent it.</summary>
    Own = 5,
}

/// <summary>What is kept of an envelope, so that it can be read and proven later: protocol.md 2.12.</summary>
internal sealed record HistoryRecord
{
    /// <summary>The id that the sender chose.</summary>
    public required MessageId MessageId { get; init; }

    /// <summary>Who sent it, by its signature.</summary>
    public required AgentId Sender { get; init; }

    /// <summary>The 192 header bytes.</summary>
    public required ReadOnlyMemory<byte> Header { get; init; }

    /// <summary>The group context that it was sealed under.</summary>
    public required Bytes32 Context { get; init; }

    /// <summary>The key that opens the commitment to an auditor; zero in a Commit.</summary>
    public required Bytes32 CommitmentKey { get; init; }

    /// <summary>The bytes after the body.</summary>
    public required ReadOnlyMemory<byte> Trailer { get; init; }

    /// <summary>The padded plaintext, the body of a Commit, or empty where nothing could be opened.</summary>
    public required ReadOnlyMemory<byte> Plaintext { get; init; }

    /// <summary>Leaves the content out.</summary>
    public override string ToString() => MessageId.ToString();
}

/// <summary>A position of the verified history.</summary>
/// <param name="Position">The position, from 1.</param>
/// <param name="Envelope">E.</param>
/// <param name="ThreadHash">T at this position.</param>
/// <param name="Status">What became of it.</param>
/// <param name="Record">What is kept, or null.</param>
internal sealed record HistoryRow(long Position, Bytes32 Envelope, Bytes32 ThreadHash, HistoryStatus Status, HistoryRecord? Record);

/// <summary>The public hashes of a position.</summary>
/// <param name="Position">The position, from 1.</param>
/// <param name="Envelope">E.</param>
/// <param name="ThreadHash">T at this position.</param>
internal readonly record struct PositionHashes(long Position, Bytes32 Envelope, Bytes32 ThreadHash);
