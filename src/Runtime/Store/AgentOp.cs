namespace AgentFlow.Store;

/// <summary>One change inside an <see cref="AgentCommit"/>.</summary>
internal abstract record AgentOp
{
    private AgentOp()
    {
    }

    /// <summary>Whether it belongs to the thread's serial processing, and so only goes into a commit that compares and raises the version.</summary>
    public virtual bool NeedsVersion => true;

    /// <summary>Creates the thread's row, outcome <see cref="ThreadOutcome.Running"/>, with a random storage key.</summary>
    /// <param name="StartedAt">When it started, in whole milliseconds.</param>
    /// <param name="Title">What people see, or null.</param>
    /// <param name="Parent">The thread that started it, or null.</param>
    public sealed record CreateThread(DateTimeOffset StartedAt, string? Title = null, ThreadId? Parent = null) : AgentOp;

    /// <summary>Replaces the title.</summary>
    public sealed record SetTitle(string? Title) : AgentOp;

    /// <summary>Replaces the secret member state.</summary>
    /// <param name="State">What <c>ThreadMember.WriteState</c> gave.</param>
    /// <param name="Received">The position up to which the thread is verified.</param>
    public sealed record SaveMember(ReadOnlyMemory<byte> State, long Received) : AgentOp;

    /// <summary>Adds a position to the verified history. A position that stands already is <see cref="AgentCommitStatus.HistoryExists"/>.</summary>
    /// <param name="Position">The position, from 1.</param>
    /// <param name="Envelope">E of the envelope.</param>
    /// <param name="ThreadHash">T at this position.</param>
    /// <param name="Status">What became of it.</param>
    /// <param name="Record">What is kept, or null where nothing could be opened. With <see cref="HistoryStatus.Own"/> and null, the record that <see cref="AddOutbox"/> kept moves here.</param>
    public sealed record AddHistory(long Position, Bytes32 Envelope, Bytes32 ThreadHash, HistoryStatus Status, HistoryRecord? Record) : AgentOp;

    /// <summary>Changes what became of a position: a parked envelope is taken up by newer code. Without such a position: <see cref="AgentCommitStatus.NotFound"/>.</summary>
    public sealed record SetHistoryStatus(long Position, HistoryStatus Status) : AgentOp;

    /// <summary>Marks a frame as handled, for as long as the thread lives. A frame marked before is <see cref="AgentCommitStatus.AlreadyHandled"/>.</summary>
    public sealed record MarkHandled(FramePosition Frame) : AgentOp;

    /// <summary>Sets how far dispatch has come. Its exact meaning is the engine's.</summary>
    public sealed record SetDispatched(FramePosition Frame) : AgentOp;

    /// <summary>Writes a state by compare-and-set; its version becomes one higher. Another version is <see cref="AgentCommitStatus.StateConflict"/>.</summary>
    /// <param name="Name">The state's name.</param>
    /// <param name="SchemaVersion">The version of its shape.</param>
    /// <param name="Bytes">The state.</param>
    /// <param name="ExpectVersion">The version that stands; 0 where none does.</param>
    public sealed record PutState(string Name, int SchemaVersion, ReadOnlyMemory<byte> Bytes, long ExpectVersion) : AgentOp;

    /// <summary>Adds sealed bytes to what is to be sent, after all that was added before. A message id used before is <see cref="AgentCommitStatus.OutboxExists"/>.</summary>
    /// <param name="MessageId">The id of the envelope.</param>
    /// <param name="Envelope">E of the envelope.</param>
    /// <param name="Bytes">The sealed bytes with their trailer: exactly what is sent, each time.</param>
    /// <param name="Record">What the history keeps once the envelope has its position; see <see cref="AddHistory"/>.</param>
    /// <param name="IsGenesis">Whether it is the Commit that creates the thread at the hub.</param>
    public sealed record AddOutbox(MessageId MessageId, Bytes32 Envelope, ReadOnlyMemory<byte> Bytes, HistoryRecord? Record, bool IsGenesis = false) : AgentOp;

    /// <summary>Takes an envelope out of the outbox: the hub has it at this position. Idempotent.</summary>
    /// <param name="MessageId">The id of the envelope.</param>
    /// <param name="Position">Where it stands, for the audit of the caller; its record waits for <see cref="AddHistory"/>.</param>
    public sealed record CompleteOutbox(MessageId MessageId, long Position) : AgentOp
    {
        /// <inheritdoc/>
        public override bool NeedsVersion => false;
    }

    /// <summary>Drops an envelope that must not be sent any more, with its record: it was refused, or sealed again. Idempotent.</summary>
    public sealed record DropOutbox(MessageId MessageId) : AgentOp;

    /// <summary>Journals the result of a step. A key journaled before is <see cref="AgentCommitStatus.JournalExists"/>, with the result that stands.</summary>
    public sealed record PutJournal(ReadOnlyMemory<byte> Key, ReadOnlyMemory<byte> Bytes) : AgentOp
    {
        /// <inheritdoc/>
        public override bool NeedsVersion => false;
    }

    /// <summary>
    /// Writes an approval by strict compare-and-set on its state. Another state is <see cref="AgentCommitStatus.ApprovalConflict"/>, with the row that stands.
    /// Legal: None to Pending or Decided, Pending to Pending or Decided, Decided to Finished.
    /// </summary>
    /// <param name="RequestEnvelope">E of the request.</param>
    /// <param name="Expect">The state that stands.</param>
    /// <param name="State">The state that it gets.</param>
    /// <param name="Bytes">Votes, evidence, decision: the engine's.</param>
    public sealed record PutApproval(Bytes32 RequestEnvelope, ApprovalState Expect, ApprovalState State, ReadOnlyMemory<byte> Bytes) : AgentOp;

    /// <summary>Adds a timer, or replaces the one of the same kind and key.</summary>
    /// <param name="Due">When it fires, in whole milliseconds.</param>
    /// <param name="Kind">What it is: the engine's number.</param>
    /// <param name="Key">Its name within the thread and kind; sealed.</param>
    /// <param name="Payload">What it carries; sealed.</param>
    public sealed record AddTimer(DateTimeOffset Due, int Kind, ReadOnlyMemory<byte> Key, ReadOnlyMemory<byte> Payload) : AgentOp
    {
        /// <inheritdoc/>
        public override bool NeedsVersion => false;
    }

    /// <summary>Removes a timer. Idempotent.</summary>
    public sealed record RemoveTimer(int Kind, ReadOnlyMemory<byte> Key) : AgentOp
    {
        /// <inheritdoc/>
        public override bool NeedsVersion => false;
    }

    /// <summary>Keeps a frame that could not be handled, or replaces the dead letter of the same frame.</summary>
    public sealed record AddDeadLetter(FramePosition Frame, string Cause, ReadOnlyMemory<byte> Bytes) : AgentOp;

    /// <summary>Removes a dead letter. Idempotent.</summary>
    public sealed record RemoveDeadLetter(FramePosition Frame) : AgentOp;

    /// <summary>Adds a line to the thread's audit, stamped with the store's time.</summary>
    public sealed record AddAudit(int Kind, ReadOnlyMemory<byte> Bytes) : AgentOp
    {
        /// <inheritdoc/>
        public override bool NeedsVersion => false;
    }

    /// <summary>Sets how the thread stands.</summary>
    /// <param name="Outcome">How it stands.</param>
    /// <param name="Reason">Why it is parked, refused or failed, or null.</param>
    public sealed record SetOutcome(ThreadOutcome Outcome, string? Reason = null) : AgentOp;

    /// <summary>Sets until when the thread waits before the next try, or that it does not wait.</summary>
    public sealed record SetBlocked(DateTimeOffset? Until) : AgentOp;
}
