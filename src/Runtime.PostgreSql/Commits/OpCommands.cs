using AgentFlow.PostgreSql.Reads;
using AgentFlow.Storage.PostgreSql.Connections;
using AgentFlow.Store;
using AgentFlow.Store.Rows;
using Npgsql;

namespace AgentFlow.PostgreSql.Commits;

/// <summary>The statements of operations. Each checks and writes in one, so that a transaction of many is one round trip.</summary>
internal static class OpCommands
{
    private const string Outbox = "DELETE FROM outbox WHERE thread = $1 AND msg = $2";

    /// <summary>The statements of one operation, in their order.</summary>
    /// <param name="thread">The thread's number.</param>
    /// <param name="index">The place of the operation in its commit.</param>
    /// <param name="prepared">The operation, sealed.</param>
    /// <param name="own">The record of an own envelope, sealed for its position, or null.</param>
    /// <param name="now">The time, in Unix milliseconds.</param>
    public static IEnumerable<OpCommand> Of(long thread, int index, PreparedOperation prepared, byte[]? own, long now)
    {
        OpCommand Run(string sql, AgentCommitStatus? otherwise, params NpgsqlParameter[] parameters) =>
            new(index, Command(sql, thread, parameters), otherwise);
        var (body, name) = (Parameters.Of(prepared.Body), Parameters.Of(prepared.Name));
        switch (prepared.Operation)
        {
            case AgentOp.AddHistory o:
                if (o.Status == HistoryStatus.Own)
                    yield return Run("DELETE FROM own WHERE thread = $1 AND env = $2", null, Arguments.Of(o.Envelope));
                yield return Run(
                    "INSERT INTO history(thread, pos, env, hash, status, body) VALUES($1, $2, $3, $4, $5, $6) ON CONFLICT (thread, pos) DO NOTHING",
                        AgentCommitStatus.HistoryExists,
                    Parameters.Of(o.Position), Arguments.Of(o.Envelope), Arguments.Of(o.ThreadHash), Parameters.Of((int)o.Status),
                        Parameters.Of(prepared.Body ?? own));
                break;
            case AgentOp.SetHistoryStatus o:
                yield return Run("UPDATE history SET status = $3 WHERE thread = $1 AND pos = $2", AgentCommitStatus.NotFound, Parameters.Of(o.Position),
                    Parameters.Of((int)o.Status));
                break;
            case AgentOp.MarkHandled o:
                yield return Run(
                    "INSERT INTO handled(thread, pos, frame) VALUES($1, $2, $3) ON CONFLICT DO NOTHING", AgentCommitStatus.AlreadyHandled,
                    Parameters.Of(o.Frame.Position), Parameters.Of(o.Frame.Frame));
                break;
            case AgentOp.PutState { ExpectVersion: 0 } o:
                yield return Run(
                    "INSERT INTO state(thread, name, shape, version, body) VALUES($1, $2, $3, 1, $4) ON CONFLICT DO NOTHING", AgentCommitStatus.StateConflict,
                    name, Parameters.Of(o.SchemaVersion), body);
                break;
            case AgentOp.PutState o:
                yield return Run(
                    "UPDATE state SET shape = $3, version = version + 1, body = $4 WHERE thread = $1 AND name = $2 AND version = $5",
                        AgentCommitStatus.StateConflict,
                    name, Parameters.Of(o.SchemaVersion), body, Parameters.Of(o.ExpectVersion));
                break;
            case AgentOp.AddOutbox o:
                yield return Run(
                    "INSERT INTO outbox(thread, msg, env, genesis, body) VALUES($1, $2, $3, $4, $5) ON CONFLICT (thread, msg) DO NOTHING",
                        AgentCommitStatus.OutboxExists,
                    name, Arguments.Of(o.Envelope), Parameters.Of(o.IsGenesis), body);
                if (prepared.OtherBody is { } record)
                {
                    yield return Run(
                        "INSERT INTO own(thread, env, body) VALUES($1, $2, $3) ON CONFLICT (thread, env) DO UPDATE SET body = excluded.body", null,
                        Arguments.Of(o.Envelope), Parameters.Of(record));
                }

                break;
            case AgentOp.CompleteOutbox o:
                yield return Run(Outbox, null, Parameters.Of(RowKeys.Of(o.MessageId)));
                break;
            case AgentOp.DropOutbox o:
                yield return Run(
                    "DELETE FROM own WHERE thread = $1 AND env IN (SELECT env FROM outbox WHERE thread = $1 AND msg = $2)", null,
                        Parameters.Of(RowKeys.Of(o.MessageId)));
                yield return Run(Outbox, null, Parameters.Of(RowKeys.Of(o.MessageId)));
                break;
            case AgentOp.PutJournal:
                yield return Run("INSERT INTO journal(thread, name, body) VALUES($1, $2, $3) ON CONFLICT DO NOTHING", AgentCommitStatus.JournalExists, name,
                    body);
                break;
            case AgentOp.PutApproval { Expect: ApprovalState.None } o:
                yield return Run(
                    "INSERT INTO approval(thread, env, state, body) VALUES($1, $2, $3, $4) ON CONFLICT (thread, env) DO NOTHING",
                        AgentCommitStatus.ApprovalConflict,
                    Arguments.Of(o.RequestEnvelope), Parameters.Of((int)o.State), body);
                break;
            case AgentOp.PutApproval o:
                yield return Run(
                    "UPDATE approval SET state = $3, body = $4 WHERE thread = $1 AND env = $2 AND state = $5", AgentCommitStatus.ApprovalConflict,
                    Arguments.Of(o.RequestEnvelope), Parameters.Of((int)o.State), body, Parameters.Of((int)o.Expect));
                break;
            case AgentOp.AddTimer o:
                yield return Run(
                    """
                    INSERT INTO timer(thread, kind, name, due, body) VALUES($1, $2, $3, $4, $5)
                    ON CONFLICT (thread, kind, name) DO UPDATE SET due = excluded.due, body = excluded.body
                    """,
                    null, Parameters.Of(o.Kind), name, Parameters.Of(o.Due.ToUnixTimeMilliseconds()), body);
                break;
            case AgentOp.RemoveTimer o:
                yield return Run("DELETE FROM timer WHERE thread = $1 AND kind = $2 AND name = $3", null, Parameters.Of(o.Kind), name);
                break;
            case AgentOp.AddDeadLetter o:
                yield return Run(
                    """
                    INSERT INTO dead(thread, pos, frame, at, body) VALUES($1, $2, $3, $4, $5)
                    ON CONFLICT (thread, pos, frame) DO UPDATE SET at = excluded.at, body = excluded.body
                    """,
                    null, Parameters.Of(o.Frame.Position), Parameters.Of(o.Frame.Frame), Parameters.Of(now), body);
                break;
            case AgentOp.RemoveDeadLetter o:
                yield return Run("DELETE FROM dead WHERE thread = $1 AND pos = $2 AND frame = $3", null, Parameters.Of(o.Frame.Position),
                    Parameters.Of(o.Frame.Frame));
                break;
            case AgentOp.AddAudit o:
                yield return Run("INSERT INTO audit(thread, at, kind, body) VALUES($1, $2, $3, $4)", null, Parameters.Of(now), Parameters.Of(o.Kind), body);
                break;
            default:
                throw new InvalidOperationException($"The PostgreSQL store does not know the operation {prepared.Operation.GetType().Name}.");
        }
    }

    /// <summary>The statement that writes the thread's own row, once a commit.</summary>
    public static NpgsqlBatchCommand WriteThread(long thread, long version, ThreadChange change, long now) => Command(
        """
        UPDATE thread SET version = $2, updated = $3, received = COALESCE($4, received), pos = COALESCE($5, pos), frame = COALESCE($6, frame),
          outcome = COALESCE($7, outcome), reason = CASE WHEN $7 IS NULL THEN reason ELSE $8 END, blocked = CASE WHEN $9 THEN $10 ELSE blocked END,
          title = CASE WHEN $11 THEN $12 ELSE title END, member = COALESCE($13, member)
        WHERE n = $1
        """,
        thread,
        Parameters.Of(version), Parameters.Of(now), Arguments.Of(change.Received), Arguments.Of(change.Dispatched?.Position),
            Arguments.Of(change.Dispatched?.Frame),
        Arguments.Of((int?)change.Outcome), Parameters.Of(change.Reason), Parameters.Of(change.SetsBlocked), Arguments.Of(change.BlockedUntil),
        Parameters.Of(change.SetsTitle), Parameters.Of(change.Title), Parameters.Of(change.Member));

    public static NpgsqlBatchCommand AddKey(long thread, byte[] wrappedKey) =>
        Command("INSERT INTO vault(thread, body) VALUES($1, $2)", thread, Parameters.Of(wrappedKey));

    private static NpgsqlBatchCommand Command(string sql, long thread, params NpgsqlParameter[] parameters)
    {
        var command = new NpgsqlBatchCommand(sql) { Parameters = { Parameters.Of(thread) } };
        foreach (var parameter in parameters)
            command.Parameters.Add(parameter);
        return command;
    }
}
