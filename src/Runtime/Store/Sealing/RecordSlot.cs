namespace AgentFlow.Store.Sealing;

/// <summary>
/// What stands in the place of a position for rows that have none: the top bit, which no position has, and a number for each kind of row. So a row of one kind is never opened as another.
/// The numbers are part of the store's format: never reuse one.
/// </summary>
internal static class RecordSlot
{
    /// <summary>The wrapped storage key of a thread.</summary>
    public const ulong ThreadKey = Other | 1;

    /// <summary>A local agent.</summary>
    public const ulong Agent = Other | 2;

    /// <summary>The pin of a peer.</summary>
    public const ulong Peer = Other | 3;

    /// <summary>The title of a thread.</summary>
    public const ulong Title = Other | 4;

    /// <summary>The member state of a thread.</summary>
    public const ulong Member = Other | 5;

    /// <summary>The record of an own envelope that has no position yet.</summary>
    public const ulong OwnRecord = Other | 6;

    /// <summary>A thread state.</summary>
    public const ulong State = Other | 7;

    /// <summary>An envelope that waits to be sent.</summary>
    public const ulong Outbox = Other | 8;

    /// <summary>The result of a step.</summary>
    public const ulong Journal = Other | 9;

    /// <summary>An approval.</summary>
    public const ulong Approval = Other | 10;

    /// <summary>A timer.</summary>
    public const ulong Timer = Other | 11;

    /// <summary>A dead letter.</summary>
    public const ulong DeadLetter = Other | 12;

    /// <summary>A line of the audit.</summary>
    public const ulong Audit = Other | 13;

    /// <summary>The store's mark, by which a wrong device storage key is noticed.</summary>
    public const ulong Mark = Other | 14;

    /// <summary>Why a thread is parked, refused or failed.</summary>
    public const ulong Reason = Other | 15;

    /// <summary>The thread that started a thread.</summary>
    public const ulong Parent = Other | 16;

    /// <summary>A log of a peer that contradicts its pin.</summary>
    public const ulong ForkEvidence = Other | 17;

    private const ulong Other = 1UL << 63;

    /// <summary>A position of the history: the position itself.</summary>
    public static ulong History(long position)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(position, 1);
        return (ulong)position;
    }
}
