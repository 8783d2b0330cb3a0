using AgentFlow.Diagnostics;
using AgentFlow.Storage;
using AgentFlow.Store;

namespace AgentFlow.Engine;

/// <summary>
/// A thread as one local agent has it, loaded: what a processor works on, and the operations of the transaction that it gathers. Memory runs ahead of the store
/// until
/// <see cref="CommitAsync"/> returns; after any failure in between, the session is thrown away and loaded again.
/// </summary>
internal sealed class ThreadSession : IDisposable
{
    /// <summary>Until when a thread waits that only a person can unblock.</summary>
    public static readonly DateTimeOffset Forever = DateTimeOffset.FromUnixTimeMilliseconds(253_402_300_799_000);

    private readonly EngineServices _engine;
    private readonly List<AgentOp> _operations = [];
    private readonly List<OutboxRow> _rows = [];
    private readonly List<Action> _afterCommit = [];
    private bool _isMemberDirty;
    private bool _hasTimerChange;

    public ThreadSession(EngineServices engine, HostedAgent agent, ThreadId thread, MemberSession member, long version)
    {
        (_engine, Agent, Thread, Member, Version) = (engine, agent, thread, member, version);
        KnownHead = member.Received;
    }

    public HostedAgent Agent { get; }

    public ThreadId Thread { get; }

    public ThreadKey Key => new(Agent.Id, Thread);

    public MemberSession Member { get; }

    public long Version { get; private set; }

    /// <summary>The fencing token of the lease that it is worked on under, or null where none are given out.</summary>
    public long? Fence { get; set; }

    /// <summary>The next frame that dispatch looks at.</summary>
    public FramePosition Cursor { get; private set; }

    public ThreadOutcome Outcome { get; private set; }

    /// <summary>Why it is parked, or how it ended; null where nothing is to be said.</summary>
    public string? Reason { get; private set; }

    /// <summary>Until when no handler runs, or null.</summary>
    public DateTimeOffset? BlockedUntil { get; set; }

    /// <summary>How often the work at hand was tried before.</summary>
    public int Attempts { get; set; }

    /// <summary>The retry timer that stands for the work at hand, or null.</summary>
    public byte[]? RetryTimer { get; set; }

    /// <summary>The highest position known to exist.</summary>
    public long KnownHead { get; set; }

    /// <summary>Requests that are not finished, by E.</summary>
    public Dictionary<Bytes32, ApprovalFile> Approvals { get; } = [];

    /// <summary>Whether the approvals must be looked at again.</summary>
    public bool HasApprovalNews { get; set; }

    /// <summary>Records of own envelopes that do not stand in the thread yet.</summary>
    public Dictionary<Bytes32, HistoryRecord> OwnRecords { get; } = [];

    /// <summary>The envelope received last: most often the next one to dispatch.</summary>
    public HistoryRow? Last { get; set; }

    /// <summary>A member of whom a device in the roster is revoked, as of <see cref="RosterChecked"/>, or null.</summary>
    public AgentId? RevokedMember { get; set; }

    /// <summary>Which state of the pins <see cref="RevokedMember"/> goes by.</summary>
    public int RosterChecked { get; set; } = -1;

    /// <summary>How often contracts with <c>[MaxHops]</c> were sent.</summary>
    public HopCounter Hops { get; } = new();

    /// <summary>E of the envelope sealed last.</summary>
    public Bytes32 LastSealed { get; private set; }

    public void Restore(ThreadRow row)
    {
        Cursor = row.Dispatched;
        (Outcome, Reason) = (row.Outcome, row.Reason);
        BlockedUntil = row.BlockedUntil;
    }

    public void Add(AgentOp operation) => _operations.Add(operation);

    public void AfterCommit(Action action) => _afterCommit.Add(action);

    public void Touch() => _isMemberDirty = true;

    /// <summary>Sends the Commit that creates the thread. It stands in the creator's history already.</summary>
    public void SendGenesis(MessageId id, Bytes32 digest, byte[] bytes)
    {
        Add(new AgentOp.AddOutbox(id, digest, bytes, null, IsGenesis: true));
        _rows.Add(new OutboxRow(id, digest, bytes, IsGenesis: true));
        _isMemberDirty = true;
    }

    public void Send(MessageId id, SealedEnvelope envelope)
    {
        Add(new AgentOp.AddOutbox(id, envelope.Digest, envelope.Bytes, envelope.Record));
        _rows.Add(new OutboxRow(id, envelope.Digest, envelope.Bytes, IsGenesis: false));
        OwnRecords[envelope.Digest] = envelope.Record;
        LastSealed = envelope.Digest;
        _isMemberDirty = true;
    }

    public void AddTimer(DateTimeOffset due, int kind, byte[] key, byte[] payload)
    {
        Add(new AgentOp.AddTimer(due, kind, key, payload));
        _hasTimerChange = true;
    }

    public void RemoveTimer(int kind, ReadOnlyMemory<byte> key) => Add(new AgentOp.RemoveTimer(kind, key));

    public void Audit(ThreadStepKind kind, long position, string contract, TimeSpan? duration = null, string? detail = null) =>
        Add(new AgentOp.AddAudit((int)kind, new AuditLine(position, contract, duration, detail).Encode()));

    public void MoveCursor(FramePosition next)
    {
        Cursor = next;
        Add(new AgentOp.SetDispatched(next));
    }

    /// <summary>Moves on in memory; the next commit that moves the cursor makes it durable.</summary>
    public void SkipTo(FramePosition next) => Cursor = next;

    public void SetOutcome(ThreadOutcome outcome, string? reason)
    {
        if (Outcome == outcome || Outcome is not (ThreadOutcome.Running or ThreadOutcome.Parked))
            return;
        (Outcome, Reason) = (outcome, reason);
        Add(new AgentOp.SetOutcome(outcome, reason));
    }

    /// <summary>Puts what a member did in the place of an end that was only inferred.</summary>
    public void Overrule(ThreadOutcome outcome, string? reason)
    {
        (Outcome, Reason) = (outcome, reason);
        Add(new AgentOp.SetOutcome(outcome, reason));
    }

    public void Block(DateTimeOffset? until)
    {
        BlockedUntil = until;
        Add(new AgentOp.SetBlocked(until));
    }

    /// <summary>The work at hand is over: its tries and its timer with it.</summary>
    public void FinishWork()
    {
        if (RetryTimer is { } timer)
        {
            RemoveTimer(TimerKind.Retry, timer);
            Block(null);
        }

        RetryTimer = null;
        Attempts = 0;
    }

    public void PutApproval(ApprovalFile file, AgentFlow.Store.ApprovalState expect, AgentFlow.Store.ApprovalState state)
    {
        if (state == AgentFlow.Store.ApprovalState.Finished)
            Approvals.Remove(file.Request.Envelope);
        else
            Approvals[file.Request.Envelope] = file;
        Add(new AgentOp.PutApproval(file.Request.Envelope, expect, state, file.Encode()));
    }

    /// <summary>Drops what was gathered, before anything was sealed.</summary>
    /// <exception cref="InvalidOperationException">An envelope was sealed: the member state cannot go back.</exception>
    public void Abandon()
    {
        if (_isMemberDirty)
            throw new InvalidOperationException("An envelope was sealed already.");
        _operations.Clear();
        _afterCommit.Clear();
        _hasTimerChange = false;
    }

    /// <summary>Makes everything gathered durable, in one transaction; then what hangs on it goes on.</summary>
    /// <exception cref="SessionStaleException">Something else stands: load the thread again.</exception>
    public async ValueTask CommitAsync(params IReadOnlyList<AgentCommit> before)
    {
        byte[] state = _isMemberDirty ? Member.WriteState() : [];
        try
        {
            if (_isMemberDirty)
                Add(new AgentOp.SaveMember(state, Member.Received));
            if (_operations.Count == 0)
                return;
            var commit = new AgentCommit { Agent = Agent.Id, Thread = Thread, ExpectVersion = Version, Operations = [.. _operations], Fence = Fence };
            var result = await _engine.Store.CommitAsync([.. before, commit], CancellationToken.None).ConfigureAwait(false);
            if (!result.IsCommitted)
                throw new SessionStaleException(result.Status) { Result = result };
            Version = result.Version;
        }
        finally
        {
            MemberSession.Erase(state);
        }

        Finish();
    }

    public void Dispose() => Member.Dispose();

    private void Finish()
    {
        _operations.Clear();
        _isMemberDirty = false;
        if (_rows.Count > 0)
            _engine.Outbox.Send(Key, [.. _rows]);
        _rows.Clear();
        if (_hasTimerChange)
            _engine.Timers.Changed();
        _hasTimerChange = false;
        foreach (var action in _afterCommit)
            action();
        _afterCommit.Clear();
        _engine.Signals.Changed(Thread);
    }
}
