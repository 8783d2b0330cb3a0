using AgentFlow.Hub.PostgreSql.Connections;
using AgentFlow.Hub.PostgreSql.Schema;
using AgentFlow.Hub.Sqlite;
using AgentFlow.Storage;
using AgentFlow.Storage.PostgreSql.Connections;
using AgentFlow.Storage.PostgreSql.Schema;
using Npgsql;

namespace AgentFlow.Hub.PostgreSql.Copy;

/// <summary>How much was copied.</summary>
/// <param name="StoreId">The identity of the data, which both stores have.</param>
/// <param name="Threads">How many threads.</param>
/// <param name="Envelopes">How many envelopes.</param>
/// <param name="InboxRows">How many rows of inboxes.</param>
/// <param name="StateItems">How many state items, tombstones among them.</param>
/// <param name="Blobs">How many blobs.</param>
public sealed record StoreCopyResult(Guid StoreId, long Threads, long Envelopes, long InboxRows, long StateItems, long Blobs);

/// <summary>Moves a hub from SQLite to PostgreSQL.</summary>
public static class StoreCopy
{
    /// <summary>
    /// Copies everything in one transaction: ids, positions, hashes and times stay what they are. Every table is read back and compared before the transaction
    /// commits, so the target holds all of it or nothing. Leases are not copied: who holds one acquires it again.
    /// </summary>
    /// <param name="sqliteFile">The database of a hub that does not run.</param>
    /// <param name="target">Where to; no hub may have stored anything there.</param>
    /// <param name="cancellationToken">Cancels the copy; the target stays empty.</param>
    /// <exception cref="StorageException">
    /// The source is in use, the target is not empty or cannot be opened, or what stands in it is not what was read.
    /// </exception>
    public static async Task<StoreCopyResult> RunAsync(string sqliteFile, PostgreSqlOptions target, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(target);
        if (!File.Exists(sqliteFile))
            throw new StorageException(StorageErrorKind.Unavailable, $"There is no file {sqliteFile}. Name the hub.db of the hub that is to be copied.");
        await using var source = new SqliteEnvelopeStore(sqliteFile);
        var info = await source.OpenAsync(cancellationToken).ConfigureAwait(false);
        await using var database = new Database(target);
        try
        {
            await using var connection = await database.ConnectAsync(cancellationToken).ConfigureAwait(false);
            await ServerCheck.RunAsync(connection, target.AllowUnsafeServer, cancellationToken).ConfigureAwait(false);
            await SchemaUpdate.RunAsync(connection, SchemaSteps.Name, SchemaSteps.All, cancellationToken).ConfigureAwait(false);
            await using var transaction = await connection.BeginTransactionAsync(cancellationToken).ConfigureAwait(false);
            await ReserveAsync(connection, cancellationToken).ConfigureAwait(false);
            var result = await CopyAsync(source.Store, connection, info.StoreId, cancellationToken).ConfigureAwait(false);
            await FinishAsync(connection, info.StoreId, info.Time.ToUnixTimeMilliseconds(), cancellationToken).ConfigureAwait(false);
            await transaction.CommitAsync(cancellationToken).ConfigureAwait(false);
            return result;
        }
        catch (Exception e) when (Failures.IsOfDatabase(e))
        {
            throw Failures.Wrap(e);
        }
    }

    private static async Task<StoreCopyResult> CopyAsync(SqliteStore source, NpgsqlConnection target, Guid storeId, CancellationToken cancellationToken)
    {
        Task<long> CopyAsync(CopyTable table) => TableCopier.CopyAsync(source, target, table, cancellationToken);
        long threads = await CopyAsync(CopyTable.Threads).ConfigureAwait(false);
        long envelopes = await CopyAsync(CopyTable.Log).ConfigureAwait(false);
        await CopyAsync(CopyTable.Members).ConfigureAwait(false);
        return new StoreCopyResult(
            storeId, threads, envelopes, await CopyAsync(CopyTable.Inboxes).ConfigureAwait(false), await CopyAsync(CopyTable.States).ConfigureAwait(false),
            await CopyAsync(CopyTable.Blobs).ConfigureAwait(false));
    }

    /// <summary>Keeps hubs out until the end, and refuses a target that has been used.</summary>
    private static async Task ReserveAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(
            """
            SET LOCAL statement_timeout=0; LOCK TABLE agentflow.thread,agentflow.state,agentflow.blob IN ACCESS EXCLUSIVE MODE;
            SELECT EXISTS(SELECT FROM agentflow.thread) OR EXISTS(SELECT FROM agentflow.state) OR EXISTS(SELECT FROM agentflow.blob)
            """,
            connection);
        if (await command.ExecuteScalarAsync(cancellationToken).ConfigureAwait(false) is true)
            throw new StorageException(StorageErrorKind.Incompatible, "A hub has stored something in the target already. Name an empty database.");
    }

    /// <summary>
    /// Goes on where the source was: its identity, clock and numbers; and every member is told of its threads once more, which changes nothing that is known.
    /// </summary>
    private static async Task FinishAsync(NpgsqlConnection connection, Guid storeId, long clock, CancellationToken cancellationToken)
    {
        await using (var check = new NpgsqlCommand(
            "SELECT count(*) FROM agentflow.thread t WHERE t.head<>(SELECT count(*) FROM agentflow.log l WHERE l.shard=t.shard AND l.thread=t.id)", connection))
        {
            if (await check.ExecuteScalarAsync(cancellationToken).ConfigureAwait(false) is not 0L)
                throw new StorageException(StorageErrorKind.Corrupt, "The source has a thread whose log has gaps. Restore it from a backup first.");
        }

        await using var command = new NpgsqlCommand(
            """
            WITH numbers AS (SELECT setval(pg_get_serial_sequence('agentflow.thread','n'),coalesce(max(n),0)+1,false) FROM agentflow.thread),
              news AS (INSERT INTO agentflow.outbox(shard,thread,seq) SELECT shard,id,head FROM agentflow.thread WHERE fan=0 AND head>0)
            UPDATE agentflow.meta SET store_id=$1,clock=greatest(clock,$2) FROM numbers
            """,
            connection);
        command.Parameters.Add(Parameters.Of(storeId));
        command.Parameters.Add(Parameters.Of(clock));
        await command.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
    }
}
