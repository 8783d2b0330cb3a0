namespace AgentFlow.Hub.Stores;

/// <summary>What can be claimed.</summary>
public enum ClaimKind
{
    /// <summary>Appended envelopes whose members have not been told yet.</summary>
    FanOut = 1,

    /// <summary>The lease of one thread of one agent.</summary>
    Inbox = 2,
}

/// <summary>Names what was claimed.</summary>
/// <param name="Kind">What kind of work.</param>
/// <param name="Agent">The agent of an inbox claim, else default.</param>
/// <param name="Thread">The thread of an inbox claim, else default.</param>
public readonly record struct ClaimId(ClaimKind Kind, AgentId Agent = default, ThreadId Thread = default)
{
    internal ShardKey? Shard => Kind == ClaimKind.Inbox ? ShardKey.Of(Agent) : null;
}

/// <summary>Proves with each write that its claim was not taken over in between.</summary>
public readonly record struct Fence(ClaimId Claim, long Token);

/// <summary>Asks for claims.</summary>
/// <param name="Kind">What kind of work.</param>
/// <param name="Owner">Who asks. The holder of an inbox claim that asks again keeps its token and gets more time.</param>
/// <param name="Duration">How long, by the store's clock.</param>
/// <param name="Max">The most claims, or for fan-out the most envelopes.</param>
/// <param name="Agent">For an inbox claim: whose.</param>
/// <param name="Thread">For an inbox claim: this thread, read or unread; null claims unread threads that nobody holds.</param>
public sealed record ClaimRequest(ClaimKind Kind, Guid Owner, TimeSpan Duration, int Max, AgentId Agent = default, ThreadId? Thread = null);

/// <summary>A thread with news up to a position.</summary>
public readonly record struct ThreadNews(ThreadId Thread, long Position);

/// <summary>A claim as the store sees it.</summary>
/// <param name="Id">What was claimed.</param>
/// <param name="Owner">Who holds it: not the one who asked, where a named thread is held by another.</param>
/// <param name="Token">The fencing token; it rises with every new holder and is never used again.</param>
/// <param name="Until">When it ends, by the store's clock.</param>
/// <param name="Work">The threads that it covers.</param>
public sealed record Claim(ClaimId Id, Guid Owner, long Token, DateTimeOffset Until, IReadOnlyList<ThreadNews> Work);
