using System.Text;
using AgentFlow.Store.Sealing;

namespace AgentFlow.Store.Rows;

/// <summary>A thread's row as it is stored. Times are Unix milliseconds.</summary>
internal sealed record SealedThread
{
    public required AgentId Agent { get; init; }

    public required ThreadId Thread { get; init; }

    /// <summary>The wrapped storage key, or null where it is destroyed.</summary>
    public required byte[]? WrappedKey { get; init; }

    public required long Version { get; init; }

    public required long Fence { get; init; }

    public required long Received { get; init; }

    public required FramePosition Dispatched { get; init; }

    public required ThreadOutcome Outcome { get; init; }

    public required DateTimeOffset? BlockedUntil { get; init; }

    public required DateTimeOffset StartedAt { get; init; }

    public required DateTimeOffset UpdatedAt { get; init; }

    public required byte[]? Title { get; init; }

    public required byte[]? Reason { get; init; }

    public required byte[]? Parent { get; init; }

    /// <summary>The sealed member state, or null in lists.</summary>
    public byte[]? Member { get; init; }

    public ThreadRow Open(RecordSealer device)
    {
        using var sealer = WrappedKey is null ? null : ThreadScope.Unwrap(device, Agent, Thread, WrappedKey);
        return new ThreadRow
        {
            Agent = Agent,
            Thread = Thread,
            IsDestroyed = sealer is null,
            Version = Version,
            Fence = Fence,
            Received = Received,
            Dispatched = Dispatched,
            Outcome = Outcome,
            BlockedUntil = BlockedUntil,
            StartedAt = StartedAt,
            UpdatedAt = UpdatedAt,
            Title = Text(Open(sealer, RecordSlot.Title, Title)),
            Reason = Text(Open(sealer, RecordSlot.Reason, Reason)),
            Parent = Open(sealer, RecordSlot.Parent, Parent) is { Length: Bytes32.Size } parent ? new ThreadId(parent) : null,
            MemberState = Open(sealer, RecordSlot.Member, Member) ?? [],
        };
    }

    private static byte[]? Open(RecordSealer? sealer, ulong slot, byte[]? body) =>
        sealer is null || body is null ? null : sealer.TryOpen(slot, default, body) ?? throw AgentStoreException.Damaged("thread");

    private static string? Text(byte[]? utf8) => utf8 is null ? null : Encoding.UTF8.GetString(utf8);
}
