using AgentFlow.PostgreSql.Reads;
using AgentFlow.Storage;
using AgentFlow.Storage.PostgreSql.Connections;
using AgentFlow.Store;
using AgentFlow.Store.Rows;
using Npgsql;

namespace AgentFlow.PostgreSql.Commits;

/// <summary>
/// Applies prepared commits in one transaction: the locks, then all statements in one round trip. Where one of them did not fit, everything is undone and
/// done again statement by statement, up to the one that does not fit: so the answer says exactly what stood there.
/// </summary>
internal static class CommitTransaction
{
    private const string NewThread =
        """
        INSERT INTO thread(agent, thread, version, started, updated, title, parent) VALUES($1, $2, 0, $3, $4, $5, $6)
        ON CONFLICT (agent, thread) DO NOTHING RETURNING n
        """;

    public static async Task<AgentCommitResult> RunAsync(NpgsqlConnection connection, IReadOnlyList<PreparedCommit> commits, long now,
        CancellationToken cancellationToken) =>
        await TryAsync(connection, commits, now, isStepwise: false, cancellationToken).ConfigureAwait(false)
        ?? await TryAsync(connection, commits, now, isStepwise: true, cancellationToken).ConfigureAwait(false)
        ?? throw new InvalidOperationException("A statement by itself says what stands.");

    /// <summary>The answer; null where one of the statements of a batch did not fit.</summary>
    private static async Task<AgentCommitResult?> TryAsync(
        NpgsqlConnection connection, IReadOnlyList<PreparedCommit> commits, long now, bool isStepwise, CancellationToken cancellationToken)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken).ConfigureAwait(false);
        var locks = await ThreadLocks.TakeAsync(connection, commits, cancellationToken).ConfigureAwait(false);
        long version = 0;
        for (int i = 0; i < commits.Count; i++)
        {
            var commit = commits[i].Commit;
            var (standing, refusal) = locks.Check(commit);
            if (refusal != AgentCommitStatus.Committed)
                return new AgentCommitResult { Status = refusal, CommitIndex = i, Version = standing?.Version ?? 0 };
            standing ??= await CreateAsync(connection, commits[i], now, cancellationToken).ConfigureAwait(false);
            if (standing is not { } thread)
                return isStepwise ? new AgentCommitResult { Status = AgentCommitStatus.VersionConflict, CommitIndex = i } : null;
            version = thread.Version + (commit.ExpectVersion is null ? 0 : 1);
            var misfit = await WriteAsync(connection, thread, commits[i], version, now, isStepwise, cancellationToken).ConfigureAwait(false);
            if (misfit is { } wrong)
            {
                return isStepwise
                    ? await StandingRows.DescribeAsync(connection, thread, commits[i], wrong,
                        cancellationToken).ConfigureAwait(false) with { CommitIndex = i }
                    : null;
            }
        }

        FailPoint.Hit(AgentFailPoints.BeforeCommit);
        await transaction.CommitAsync(cancellationToken).ConfigureAwait(false);
        return new AgentCommitResult { Status = AgentCommitStatus.Committed, Version = version };
    }

    private static async Task<LockedThread?> CreateAsync(NpgsqlConnection connection, PreparedCommit prepared, long now, CancellationToken cancellationToken)
    {
        var creates = prepared.Creates!;
        await using var command = new NpgsqlCommand(NewThread, connection)
        {
            Parameters =
            {
                Arguments.Of(prepared.Commit.Agent), Arguments.Of(prepared.Commit.Thread), Arguments.Of((DateTimeOffset?)creates.StartedAt),
                    Parameters.Of(now),
                Parameters.Of(creates.Title), Parameters.Of(creates.Parent),
            },
        };
        await command.PrepareAsync(cancellationToken).ConfigureAwait(false);
        return await command.ExecuteScalarAsync(cancellationToken).ConfigureAwait(false) is long number ? new LockedThread(number, 0, false) : null;
    }

    private static async Task<OpCommand?> WriteAsync(
        NpgsqlConnection connection, LockedThread thread, PreparedCommit prepared, long version, long now, bool isStepwise,
            CancellationToken cancellationToken)
    {
        var own = await OwnRecords.ReadAsync(connection, thread.Number, prepared, cancellationToken).ConfigureAwait(false);
        var commands = prepared.Operations
            .SelectMany(o => OpCommands.Of(thread.Number, o.Index, o.Operation, OwnOf(o.Operation.Operation, own), now)).ToList();
        var others = new List<NpgsqlBatchCommand>();
        if (prepared.Creates is { } creates)
            others.Add(OpCommands.AddKey(thread.Number, creates.WrappedKey));
        if (prepared.Commit.ExpectVersion is not null)
            others.Add(OpCommands.WriteThread(thread.Number, version, prepared.Thread, now));
        if (!isStepwise)
        {
            await RunAsync(connection, [.. commands.Select(command => command.Command), .. others], cancellationToken).ConfigureAwait(false);
            return FirstMisfit(commands);
        }

        foreach (var command in commands)
        {
            await RunAsync(connection, [command.Command], cancellationToken).ConfigureAwait(false);
            if (FirstMisfit([command]) is { } misfit)
                return misfit;
        }

        await RunAsync(connection, others, cancellationToken).ConfigureAwait(false);
        return null;
    }

    private static OpCommand? FirstMisfit(List<OpCommand> commands)
    {
        foreach (var command in commands)
        {
            if (!command.Fits)
                return command;
            FailPoint.Hit(AgentFailPoints.MidCommit);
        }

        return null;
    }

    private static byte[]? OwnOf(AgentOp operation, IReadOnlyDictionary<Bytes32, byte[]> own) =>
        operation is AgentOp.AddHistory history ? own.GetValueOrDefault(history.Envelope) : null;

    private static async Task RunAsync(NpgsqlConnection connection, List<NpgsqlBatchCommand> commands, CancellationToken cancellationToken)
    {
        if (commands.Count == 0)
            return;
        await using var batch = new NpgsqlBatch(connection);
        foreach (var command in commands)
            batch.BatchCommands.Add(command);
        await batch.PrepareAsync(cancellationToken).ConfigureAwait(false);
        await batch.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
    }
}
