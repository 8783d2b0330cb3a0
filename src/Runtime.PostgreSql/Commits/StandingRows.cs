using AgentFlow.PostgreSql.Reads;
using AgentFlow.Storage.PostgreSql.Connections;
using AgentFlow.Store;
using AgentFlow.Store.Rows;
using Npgsql;

namespace AgentFlow.PostgreSql.Commits;

/// <summary>Says what stood where an operation did not fit.</summary>
internal static class StandingRows
{
    public static async Task<AgentCommitResult> DescribeAsync(
        NpgsqlConnection connection, LockedThread thread, PreparedCommit prepared, OpCommand misfit, CancellationToken cancellationToken)
    {
        var operation = prepared.Operations.First(operation => operation.Index == misfit.Operation).Operation;
        var result = new AgentCommitResult { Status = misfit.Otherwise!.Value, OperationIndex = misfit.Operation };
        Task<T?> FindAsync<T>(string sql, NpgsqlParameter key, Func<NpgsqlDataReader, T> read) =>
            FirstAsync(connection, sql, thread.Number, key, read, cancellationToken);
        switch (operation.Operation)
        {
            case AgentOp.PutState:
                return result with { Version = await FindAsync("SELECT version FROM state WHERE thread = $1 AND name = $2", Parameters.Of(operation.Name),
                    row => row.GetInt64(0)).ConfigureAwait(false) };
            case AgentOp.PutJournal:
                byte[]? journal = await FindAsync(
                    "SELECT body FROM journal WHERE thread = $1 AND name = $2", Parameters.Of(operation.Name),
                    row => SealedRows.OpenJournal(prepared.Sealer, operation.Name, row.GetBlob(0))).ConfigureAwait(false);
                return result with { Journal = journal };
            case AgentOp.PutApproval approval:
                var scope = new ThreadScope(thread.Number, prepared.Commit.Agent, prepared.Commit.Thread, prepared.Sealer);
                var standing = await FindAsync(
                    "SELECT state, body FROM approval WHERE thread = $1 AND env = $2", Arguments.Of(approval.RequestEnvelope),
                    row => SealedRows.OpenApproval(scope, approval.RequestEnvelope, (ApprovalState)row.GetInt32(0), row.GetBlob(1))).ConfigureAwait(false);
                return result with { Approval = standing };
            default:
                return result;
        }
    }

    private static async Task<T?> FirstAsync<T>(
        NpgsqlConnection connection, string sql, long thread, NpgsqlParameter key, Func<NpgsqlDataReader, T> read, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection) { Parameters = { Parameters.Of(thread), key } };
        await using var reader = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
        return await reader.ReadAsync(cancellationToken).ConfigureAwait(false) ? read(reader) : default;
    }
}
