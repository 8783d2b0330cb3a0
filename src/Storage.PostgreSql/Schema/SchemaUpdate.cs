using AgentFlow.Storage.PostgreSql.Connections;
using Npgsql;

namespace AgentFlow.Storage.PostgreSql.Schema;

/// <summary>
/// Brings a schema up to date in one transaction. Processes that start at the same time wait for each other at a lock, so every step runs once; one that
/// dies in between leaves the schema as it was.
/// </summary>
internal static class SchemaUpdate
{
    // "AgentFlo" in ASCII: the lock must be the same for every version.
    private const long LockKey = 0x4167656E74466C6F;

    public static async Task RunAsync(NpgsqlConnection connection, string schema, IReadOnlyList<Migration> steps, CancellationToken cancellationToken)
    {
        if (await AppliedAsync(connection, schema, cancellationToken).ConfigureAwait(false) == steps.Count)
            return;
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken).ConfigureAwait(false);
        string enter = $"SET LOCAL statement_timeout=0; SET LOCAL lock_timeout=0; SELECT pg_advisory_xact_lock({LockKey})";
        await RunAsync(connection, enter, cancellationToken).ConfigureAwait(false);
        int applied = await AppliedAsync(connection, schema, cancellationToken).ConfigureAwait(false);
        if (applied > steps.Count)
        {
            throw new StorageException(
                StorageErrorKind.Incompatible,
                $"The database has step {applied} of the schema {schema}, and this program knows {steps.Count}. "
                + "Run the newer program, or restore an older backup.");
        }

        try
        {
            if (applied == 0)
            {
                await RunAsync(
                    connection,
                    $"""
                    CREATE SCHEMA IF NOT EXISTS {schema};
                    CREATE TABLE {schema}.schema_step(n int PRIMARY KEY, name text NOT NULL, at timestamptz NOT NULL DEFAULT now())
                    """,
                    cancellationToken).ConfigureAwait(false);
            }

            for (int n = applied; n < steps.Count; n++)
                await ApplyAsync(connection, schema, steps[n], n + 1, cancellationToken).ConfigureAwait(false);
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

    private static async Task ApplyAsync(NpgsqlConnection connection, string schema, Migration step, int number, CancellationToken cancellationToken)
    {
        await RunAsync(connection, step.Sql, cancellationToken).ConfigureAwait(false);
        await using var insert = new NpgsqlCommand($"INSERT INTO {schema}.schema_step(n,name) VALUES($1,$2)", connection);
        insert.Parameters.Add(Parameters.Of(number));
        insert.Parameters.Add(new NpgsqlParameter<string> { TypedValue = step.Name });
        await insert.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
    }

    private static async Task<int> AppliedAsync(NpgsqlConnection connection, string schema, CancellationToken cancellationToken)
    {
        // Not by to_regclass: it goes by what this session has cached, which a wait at the lock does not bring up to date.
        await using var exists = new NpgsqlCommand(
            $"SELECT EXISTS (SELECT FROM pg_class c JOIN pg_namespace s ON s.oid=c.relnamespace WHERE s.nspname='{schema}' AND c.relname='schema_step')",
            connection);
        if (await exists.ExecuteScalarAsync(cancellationToken).ConfigureAwait(false) is not true)
            return 0;
        await using var count = new NpgsqlCommand($"SELECT coalesce(max(n),0) FROM {schema}.schema_step", connection);
        return (int)(await count.ExecuteScalarAsync(cancellationToken).ConfigureAwait(false))!;
    }

    private static async Task RunAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
        await command.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
    }
}
