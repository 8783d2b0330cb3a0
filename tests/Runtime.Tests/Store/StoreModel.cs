using AgentFlow.Store;

namespace AgentFlow.Runtime.Tests.Store;

/// <summary>One thread of one agent in a store that is a few collections: what the real one is compared with.</summary>
internal sealed class StoreModel
{
    public long Version { get; private set; }

    public long Received { get; private set; }

    public HashSet<FramePosition> Handled { get; private init; } = [];

    public Dictionary<string, (long Version, byte Content)> States { get; private init; } = [];

    public List<(MessageId Id, byte Content)> Outbox { get; private init; } = [];

    public Dictionary<byte, byte> Journal { get; private init; } = [];

    public Dictionary<byte, (ApprovalState State, byte Content)> Approvals { get; private init; } = [];

    public SortedDictionary<(long Due, byte Key), byte> Timers { get; private init; } = [];

    public SortedDictionary<FramePosition, byte> Dead { get; private init; } = [];

    public List<byte> Audit { get; private init; } = [];

    /// <summary>The model after a commit, or null with the status that the commit must get.</summary>
    public (StoreModel? After, AgentCommitStatus Status) Apply(AgentCommit commit)
    {
        if (commit.ExpectVersion is { } expected ? expected != Version : Version == 0)
            return (null, commit.ExpectVersion is null ? AgentCommitStatus.NotFound : AgentCommitStatus.VersionConflict);
        var after = Copy();
        foreach (var operation in commit.Operations)
        {
            var status = after.Apply(operation);
            if (status != AgentCommitStatus.Committed)
                return (null, status);
        }

        if (commit.ExpectVersion is not null)
            after.Version++;
        return (after, AgentCommitStatus.Committed);
    }

    public static byte ByteOf(ReadOnlyMemory<byte> bytes) => bytes.Span[0];

    public static byte ByteOf(Bytes32 hash) => hash.Span[0];

    private AgentCommitStatus Apply(AgentOp operation)
    {
        switch (operation)
        {
            case AgentOp.SaveMember save:
                Received = save.Received;
                return AgentCommitStatus.Committed;
            case AgentOp.MarkHandled handled:
                return Handled.Add(handled.Frame) ? AgentCommitStatus.Committed : AgentCommitStatus.AlreadyHandled;
            case AgentOp.PutState state:
                if (States.GetValueOrDefault(state.Name).Version != state.ExpectVersion)
                    return AgentCommitStatus.StateConflict;
                States[state.Name] = (state.ExpectVersion + 1, ByteOf(state.Bytes));
                return AgentCommitStatus.Committed;
            case AgentOp.AddOutbox outbox:
                if (Outbox.Any(row => row.Id == outbox.MessageId))
                    return AgentCommitStatus.OutboxExists;
                Outbox.Add((outbox.MessageId, ByteOf(outbox.Bytes)));
                return AgentCommitStatus.Committed;
            case AgentOp.CompleteOutbox complete:
                Outbox.RemoveAll(row => row.Id == complete.MessageId);
                return AgentCommitStatus.Committed;
            case AgentOp.PutJournal journal:
                return Journal.TryAdd(ByteOf(journal.Key), ByteOf(journal.Bytes)) ? AgentCommitStatus.Committed : AgentCommitStatus.JournalExists;
            case AgentOp.PutApproval approval:
                byte request = ByteOf(approval.RequestEnvelope);
                if (Approvals.GetValueOrDefault(request).State != approval.Expect)
                    return AgentCommitStatus.ApprovalConflict;
                Approvals[request] = (approval.State, ByteOf(approval.Bytes));
                return AgentCommitStatus.Committed;
            case AgentOp.AddTimer timer:
                RemoveTimer(ByteOf(timer.Key));
                Timers[(timer.Due.ToUnixTimeMilliseconds(), ByteOf(timer.Key))] = ByteOf(timer.Payload);
                return AgentCommitStatus.Committed;
            case AgentOp.RemoveTimer timer:
                RemoveTimer(ByteOf(timer.Key));
                return AgentCommitStatus.Committed;
            case AgentOp.AddDeadLetter dead:
                Dead[dead.Frame] = ByteOf(dead.Bytes);
                return AgentCommitStatus.Committed;
            case AgentOp.RemoveDeadLetter dead:
                Dead.Remove(dead.Frame);
                return AgentCommitStatus.Committed;
            case AgentOp.AddAudit audit:
                Audit.Add(ByteOf(audit.Bytes));
                return AgentCommitStatus.Committed;
            default:
                return AgentCommitStatus.Committed;
        }
    }

    private void RemoveTimer(byte key)
    {
        foreach (var timer in Timers.Keys.Where(timer => timer.Key == key).ToList())
            Timers.Remove(timer);
    }

    private StoreModel Copy() => new()
    {
        Version = Version, Received = Received, Handled = [.. Handled], States = new(States), Outbox = [.. Outbox], Journal = new(Journal), Approvals = new(Approvals),
        Timers = new(Timers), Dead = new(Dead), Audit = [.. Audit],
    };
}
