namespace AgentFlow.Protocol.Hub;

/// <summary>What an agent publishes: its identity log, entries joined, and its newest key bundle.</summary>
/// <param name="Agent">The agent.</param>
/// <param name="IdentityLog">The whole log, entries joined, as protocol.md 2.2 lays them out.</param>
/// <param name="KeyBundle">The 224-byte signed bundle, or empty where there is none.</param>
public sealed record AgentRegistration(AgentId Agent, ReadOnlyMemory<byte> IdentityLog, ReadOnlyMemory<byte> KeyBundle);

/// <summary>How an append ended.</summary>
public enum AppendStatus
{
    /// <summary>The envelope stands at a new position.</summary>
    Appended,

    /// <summary>The same bytes stood there before.</summary>
    Duplicate,

    /// <summary>The hub refused it; see <see cref="AppendResult.Refusal"/>.</summary>
    Refused,
}

/// <summary>The answer to an append.</summary>
/// <param name="Status">How it ended.</param>
/// <param name="Position">The position in the thread where the envelope stands; 0 where it was refused.</param>
/// <param name="Refusal">Why it was refused, else <see cref="HubStatus.Ok"/>.</param>
public readonly record struct AppendResult(AppendStatus Status, long Position, HubStatus Refusal)
{
    /// <summary>Whether the envelope stands in the thread.</summary>
    public bool IsAccepted => Status != AppendStatus.Refused;

    /// <summary>The envelope stands at a new position.</summary>
    public static AppendResult Appended(long position) => new(AppendStatus.Appended, position, HubStatus.Ok);

    /// <summary>The same bytes stood there before.</summary>
    public static AppendResult Duplicate(long position) => new(AppendStatus.Duplicate, position, HubStatus.Ok);

    /// <summary>The hub refused it.</summary>
    public static AppendResult Refused(HubStatus reason) => new(AppendStatus.Refused, 0, reason);
}

/// <summary>One envelope at its position.</summary>
/// <param name="Position">The dense position in the thread, from 1.</param>
/// <param name="MessageId">The id that the sender chose.</param>
/// <param name="Envelope">The sealed bytes; header and trailer alone where <paramref name="IsExpired"/> is set.</param>
/// <param name="IsExpired">Whether the body has expired at the hub.</param>
public sealed record StoredEnvelope(long Position, MessageId MessageId, ReadOnlyMemory<byte> Envelope, bool IsExpired = false);

/// <summary>A contiguous run of a thread.</summary>
/// <param name="Status">Ok, NotFound, or NotMember where the hub knows its callers and this one is none.</param>
/// <param name="FirstAvailable">The first position that still has a body.</param>
/// <param name="Head">The newest position when the page was read.</param>
/// <param name="Envelopes">The run, in order.</param>
public sealed record ThreadPage(HubStatus Status, long FirstAvailable, long Head, IReadOnlyList<StoredEnvelope> Envelopes);

/// <summary>One envelope that a subscription delivers.</summary>
/// <param name="Thread">The thread.</param>
/// <param name="Envelope">The envelope at its position.</param>
public sealed record Delivery(ThreadId Thread, StoredEnvelope Envelope);

/// <summary>A row of an agent's inbox.</summary>
/// <param name="Thread">The thread.</param>
/// <param name="Head">The newest position that the inbox knows of.</param>
/// <param name="Acknowledged">The position up to which the agent has acknowledged.</param>
public sealed record InboxEntry(ThreadId Thread, long Head, long Acknowledged);

/// <summary>A page of an agent's inbox.</summary>
/// <param name="Entries">The rows.</param>
/// <param name="NextCursor">What to pass for the next page, or null at the end.</param>
public sealed record InboxPage(IReadOnlyList<InboxEntry> Entries, string? NextCursor);

/// <summary>The answer to a lease call.</summary>
/// <param name="Status">Ok, or Fenced where another owner holds it.</param>
/// <param name="Owner">Who holds it now.</param>
/// <param name="Token">The fencing token: it rises with every new holder.</param>
/// <param name="Until">When it ends, by the hub's clock.</param>
public readonly record struct Lease(HubStatus Status, Guid Owner, long Token, DateTimeOffset Until);
