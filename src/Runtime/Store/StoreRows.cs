namespace AgentFlow.Store;

/// <summary>An envelope that waits to be sent.</summary>
/// <param name="MessageId">Its id.</param>
/// <param name="Envelope">E.</param>
/// <param name="Bytes">What is sent, each time.</param>
/// <param name="IsGenesis">Whether it creates the thread at the hub.</param>
internal sealed record OutboxRow(MessageId MessageId, Bytes32 Envelope, ReadOnlyMemory<byte> Bytes, bool IsGenesis);

/// <summary>A thread state.</summary>
/// <param name="SchemaVersion">The version of its shape.</param>
/// <param name="Version">Rises by one with each write; from 1.</param>
/// <param name="Bytes">The state.</param>
internal sealed record StateRow(int SchemaVersion, long Version, ReadOnlyMemory<byte> Bytes);

/// <summary>How far an approval has come. It never goes back.</summary>
internal enum ApprovalState
{
    /// <summary>There is none.</summary>
    None = 0,

    /// <summary>It waits for people, or for the agent's claim.</summary>
    Pending = 1,

    /// <summary>It is decided, once; its continuation may still have to run.</summary>
    Decided = 2,

    /// <summary>Its continuation has run.</summary>
    Finished = 3,
}

/// <summary>An approval.</summary>
/// <param name="Agent">The agent.</param>
/// <param name="Thread">The thread.</param>
/// <param name="RequestEnvelope">E of the request.</param>
/// <param name="State">How far it has come.</param>
/// <param name="Bytes">What the engine keeps.</param>
internal sealed record ApprovalRow(AgentId Agent, ThreadId Thread, Bytes32 RequestEnvelope, ApprovalState State, ReadOnlyMemory<byte> Bytes);

/// <summary>Which approvals to list.</summary>
/// <param name="Agent">The agent, or null for all.</param>
/// <param name="Thread">The thread, or null for all.</param>
/// <param name="State">The state, or null for all.</param>
/// <param name="MaxCount">The most rows, from 1.</param>
internal sealed record ApprovalQuery(AgentId? Agent = null, ThreadId? Thread = null, ApprovalState? State = null, int MaxCount = 1000);

/// <summary>A timer.</summary>
/// <param name="Agent">The agent.</param>
/// <param name="Thread">The thread.</param>
/// <param name="Due">When it fires.</param>
/// <param name="Kind">What it is.</param>
/// <param name="Key">Its name within thread and kind.</param>
/// <param name="Payload">What it carries.</param>
internal sealed record TimerRow(AgentId Agent, ThreadId Thread, DateTimeOffset Due, int Kind, ReadOnlyMemory<byte> Key, ReadOnlyMemory<byte> Payload);

/// <summary>A frame that could not be handled.</summary>
/// <param name="Agent">The agent.</param>
/// <param name="Thread">The thread.</param>
/// <param name="Frame">Its place.</param>
/// <param name="At">When it was given up.</param>
/// <param name="Cause">Why.</param>
/// <param name="Bytes">Its bytes.</param>
internal sealed record DeadLetterRow(AgentId Agent, ThreadId Thread, FramePosition Frame, DateTimeOffset At, string Cause, ReadOnlyMemory<byte> Bytes);

/// <summary>A line of a thread's audit.</summary>
/// <param name="Number">Rises with each line; not dense.</param>
/// <param name="At">When it was written.</param>
/// <param name="Kind">What it is.</param>
/// <param name="Bytes">What it says.</param>
internal sealed record AuditRow(long Number, DateTimeOffset At, int Kind, ReadOnlyMemory<byte> Bytes);
