using AgentFlow.Protocol.Hub;

namespace AgentFlow.Hub.Stores;

/// <summary>Operations that become visible together or not at all.</summary>
/// <param name="Shard">The logical shard that all of them belong to.</param>
/// <param name="Ops">1 to 64 operations, of 1 MiB together at most, applied in their order.</param>
/// <param name="Fence">A claim that must still be held, or null.</param>
public sealed record StoreCommit(ShardKey Shard, IReadOnlyList<StoreOp> Ops, Fence? Fence = null)
{
    /// <summary>The most operations of one commit.</summary>
    public const int MaxOps = 64;

    /// <summary>The most bytes of one commit.</summary>
    public const int MaxBytes = 1 << 20;

    /// <summary>The most bytes of one body.</summary>
    public const int MaxBody = 262_144;

    /// <summary>About how many bytes it writes.</summary>
    public int Bytes
    {
        get
        {
            int bytes = 0;
            foreach (var op in Ops)
                bytes += op.Bytes;
            return bytes;
        }
    }

    /// <summary>The checks that need no data: the same for every store.</summary>
    internal HubStatus Check()
    {
        if (Ops.Count == 0)
            throw new InvalidOperationException("A commit needs an operation.");
        if (Ops.Count > MaxOps)
            return HubStatus.TooLarge;
        long bytes = 0;
        foreach (var op in Ops)
        {
            bytes += op.Bytes;
            if (bytes > MaxBytes || op is StoreOp.Append { Body.Length: > MaxBody })
                return HubStatus.TooLarge;
        }

        foreach (var op in Ops)
        {
            if (op.Shard is { } shard && shard != Shard)
                return HubStatus.CrossShard;
        }

        return Fence is { } fence && fence.Claim.Shard is { } fenced && fenced != Shard ? HubStatus.CrossShard : HubStatus.Ok;
    }
}

/// <summary>How a commit ended.</summary>
/// <param name="Status">Ok, or why nothing was applied. <see cref="HubStatus.Unavailable"/>: the outcome is unknown.</param>
/// <param name="Values">The result of each operation; empty where nothing was applied, the original position alone where all was applied before.</param>
/// <param name="Current">For a conflict: the head or version that stands there.</param>
/// <param name="IsRepetition">Whether the first operation is an append that stands there already, so that the whole commit was applied before.</param>
public sealed record StoreResult(HubStatus Status, IReadOnlyList<long> Values, long Current = 0, bool IsRepetition = false)
{
    /// <summary>Nothing was applied.</summary>
    public static StoreResult Failed(HubStatus status, long current = 0) => new(status, [], current);
}
