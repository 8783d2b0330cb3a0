using AgentFlow.Protocol.Hub;
using AgentFlow.Store;

namespace AgentFlow.Engine;

/// <summary>Something that a thread's processor is to do, in turn.</summary>
internal abstract record WorkItem
{
    private WorkItem()
    {
    }

    /// <summary>Take in an envelope.</summary>
    /// <param name="Envelope">The envelope.</param>
    /// <param name="Credit">What the inbox lent for it, or null.</param>
    /// <param name="Failures">How often it failed before.</param>
    public sealed record Deliver(StoredEnvelope Envelope, IDisposable? Credit, int Failures = 0) : WorkItem;

    /// <summary>Look whether there is something to go on with.</summary>
    public sealed record Wake : WorkItem
    {
        public static Wake Instance { get; } = new();
    }

    /// <summary>A durable timer is due.</summary>
    public sealed record Due(TimerRow Timer) : WorkItem
    {
        /// <summary>Whether its thread is gone.</summary>
        public bool IsGone { get; set; }
    }

    /// <summary>Run a call of the front door inside the thread's order; the call reports its own outcome.</summary>
    public sealed record Call(
        Func<ThreadProcessor, CancellationToken, ValueTask> Action, TaskCompletionSource Done, CancellationToken CancellationToken) : WorkItem;
}
