using AgentFlow.Hub.PostgreSql.Connections;
using AgentFlow.Storage;
using Npgsql;

namespace AgentFlow.Hub.PostgreSql.Schema;

/// <summary>
/// Brings the schema up to date in one transaction. Hubs that start at the same time wait for each other at a lock, so every step runs once; a hub that
/// dies in between leaves the schema as it was.
/// </summary>
internal static class SchemaUpdate
{
    // "AgentFlo" in ASCII: the lock must be the same for every version.
    private const long LockKey = 0x4167656E74466C6F;

    public static async Task RunAsync(NpgsqlConnection connection, IReadOnlyList<Migration> steps, CancellationToken cancellationToken)
    {
        if (await AppliedAsync(connection, cancellationToken).ConfigureAwait(false) == steps.Count)
            return;
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken).ConfigureAwait(false);
        string enter = $"SET LOCAL statement_timeout=0; SET LOCAL lock_timeout=0; SELECT pg_advisory_xact_lock({LockKey})";
        await RunAsync(connection, enter, cancellationToken).ConfigureAwait(false);
        int applied = await AppliedAsync(connection, cancellationToken).ConfigureAwait(false);
        if (applied > steps.Count)
        {
            throw new StorageException(
                StorageErrorKind.Incompatible,
                $"The database has step {applied} of the schema, and this hub knows {steps.Count}. Run the newer hub, or restore an older backup.");
        }

        try
        {
            if (applied == 0)
            {
                await RunAsync(
                    connection,
                    """
                    CREATE SCHEMA IF NOT EXISTS agentflow;
                    CREATE TABLE agentflow.schema_step(n int PRIMARY KEY, name text NOT NULL, at timestamptz NOT NULL DEFAULT now())
                    """,
                    cancellationToken).ConfigureAwait(false);
            }

            for (int n = applied; n < steps.Count; n++)
                await ApplyAsync(connection, steps[n], n + 1, cancellationToken).ConfigureAwait(false);
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.InsufficientPrivilege)
        {
            throw new StorageException(
                StorageErrorKind.Incompatible,
                $"The schema cannot be created ({e.MessageText}). Run this as an administrator: GRANT CREATE ON DATABASE \"{connection.Database}\" TO <user>.",
                e);
        }

        await transaction.CommitAsync(cancellationToken).ConfigureAwait(false);
    }

    private static async Task ApplyAsync(NpgsqlConnection connection, Migration step, int number, CancellationToken cancellationToken)
    {
        await RunAsync(connection, step.Sql, cancellationToken).ConfigureAwait(false);
        await using var insert = new NpgsqlCommand("INSERT INTO agentflow.schema_step(n,name) VALUES($1,$2)", connection);
        insert.Parameters.Add(Parameters.Of(number));
        insert.Parameters.Add(new NpgsqlParameter<string> { TypedValue = step.Name });
        await insert.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
    }

    private static async Task<int> AppliedAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var exists = new NpgsqlCommand("SELECT to_regclass('agentflow.schema_step') IS NOT NULL", connection);
        if (await exists.ExecuteScalarAsync(cancellationToken).ConfigureAwait(false) is not true)
            return 0;
        await using var count = new NpgsqlCommand("SELECT coalesce(max(n),0) FROM agentflow.schema_step", connection);
        return (int)(await count.ExecuteScalarAsync(cancellationToken).ConfigureAwait(false))!;
    }

    private static async Task RunAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
        await command.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
    }
}
