using AgentFlow.Hub.PostgreSql.Connections;
using AgentFlow.Hub.Stores;
using AgentFlow.Storage.PostgreSql.Connections;
using Npgsql;
using NpgsqlTypes;

namespace AgentFlow.Hub.PostgreSql.Lanes;

/// <summary>
/// The rows that a batch will touch, as the arguments of <c>agentflow.lock_rows</c>: all hubs lock them in one order, so none waits in a circle.
/// </summary>
internal sealed class RowLocks
{
    private const string Sql = "SELECT agentflow.lock_rows($1,$2,$3,$4,$5,$6,$7)";
    private readonly HashSet<ThreadId> _threads = [];
    private readonly HashSet<(AgentId Agent, ThreadId Thread)> _inboxes = [];
    private readonly HashSet<StateKey> _states = [];

    public static NpgsqlBatchCommand Command(ReadOnlySpan<PendingCommit> batch)
    {
        var locks = new RowLocks();
        foreach (var pending in batch)
        {
            if (pending.Commit.Fence is { } fence)
                locks.Add(fence.Claim);
            foreach (var op in pending.Commit.Ops)
                locks.Add(op);
        }

        return locks.ToCommand();
    }

    private void Add(StoreOp op)
    {
        switch (op)
        {
            case StoreOp.Append o: _threads.Add(o.Thread); break;
            case StoreOp.SetMembers o: _threads.Add(o.Thread); break;
            case StoreOp.Close o: _threads.Add(o.Thread); break;
            case StoreOp.Trim o: _threads.Add(o.Thread); break;
            case StoreOp.NoteInbox o: _inboxes.Add((o.Agent, o.Thread)); break;
            case StoreOp.Ack o: _inboxes.Add((o.Agent, o.Thread)); break;
            case StoreOp.Put o: _states.Add(o.Key); break;
            case StoreOp.Del o: _states.Add(o.Key); break;
            case StoreOp.Complete o: Add(o.Claim); break;
        }
    }

    private void Add(ClaimId claim)
    {
        if (claim.Kind == ClaimKind.Inbox)
            _inboxes.Add((claim.Agent, claim.Thread));
    }

    private NpgsqlBatchCommand ToCommand() => new(Sql)
    {
        Parameters =
        {
            Column(_threads, static t => t.Value.ToArray(), NpgsqlDbType.Bytea),
            Column(_inboxes, static i => (short)ShardKey.Of(i.Agent).Number, NpgsqlDbType.Smallint),
            Column(_inboxes, static i => i.Agent.Value.ToArray(), NpgsqlDbType.Bytea),
            Column(_inboxes, static i => i.Thread.Value.ToArray(), NpgsqlDbType.Bytea),
            Column(_states, static s => (short)ShardKey.Of(s.Key.Span).Number, NpgsqlDbType.Smallint),
            Column(_states, static s => (short)s.Kind, NpgsqlDbType.Smallint),
            Column(_states, static s => s.Key.ToArray(), NpgsqlDbType.Bytea),
        },
    };

    private static NpgsqlParameter Column<TItem, TValue>(HashSet<TItem> items, Func<TItem, TValue> value, NpgsqlDbType type) =>
        Parameters.Array(items.Select(value).ToArray(), type);
}
