using AgentFlow.Hub.Stores;
using AgentFlow.Storage;
using Npgsql;

namespace AgentFlow.Hub.PostgreSql.Copy;

/// <summary>Copies one table, and reads it back.</summary>
internal static class TableCopier
{
    // Between two rows the other side may be busy for as long as it takes; zero would mean at once.
    private static readonly TimeSpan s_patience = TimeSpan.FromHours(24);

    /// <summary>Streams every row of the source into the target, and returns how many there were.</summary>
    /// <exception cref="StorageException">What stands in the target afterwards is not what was read.</exception>
    public static async Task<long> CopyAsync(SqliteStore source, NpgsqlConnection target, CopyTable table, CancellationToken cancellationToken)
    {
        using var read = new RowDigest();
        await source.ReadAsync(
            session =>
            {
                Write(session.Prepare(table.Source), target, table, read, cancellationToken);
                return true;
            },
            cancellationToken).ConfigureAwait(false);
        using var written = new RowDigest();
        await ReadBackAsync(target, table, written, cancellationToken).ConfigureAwait(false);
        if (read.Count != written.Count || read.Value != written.Value)
        {
            throw new StorageException(
                StorageErrorKind.Corrupt,
                $"The table {table.Name} was not copied as it was: {read.Count} rows with digest {read.Value} became "
                + $"{written.Count} with {written.Value}. Nothing was kept; try again.");
        }

        return read.Count;
    }

    private static void Write(Statement rows, NpgsqlConnection target, CopyTable table, RowDigest digest, CancellationToken cancellationToken)
    {
        using var writer = target.BeginBinaryImport($"COPY agentflow.{table.Name}({table.Columns}) FROM STDIN (FORMAT BINARY)");
        writer.Timeout = s_patience;
        while (rows.Step())
        {
            cancellationToken.ThrowIfCancellationRequested();
            writer.StartRow();
            for (int i = 0; i < table.Types.Count; i++)
                Write(rows, i, table.Types[i], writer, digest);
            digest.EndRow();
        }

        rows.Reset();
        writer.Complete();
    }

    private static void Write(Statement rows, int column, CopyType type, NpgsqlBinaryImporter writer, RowDigest digest)
    {
        if (rows.IsNull(column))
        {
            digest.Add(null);
            writer.WriteNull();
            return;
        }

        if (type is CopyType.Bytes or CopyType.Uuid)
        {
            byte[] bytes = rows.GetBlob(column).ToArray();
            digest.Add(bytes);
            if (type == CopyType.Uuid)
                writer.Write(new Guid(bytes, bigEndian: true), CopyTable.DbTypeOf(type));
            else
                writer.Write(bytes, CopyTable.DbTypeOf(type));
            return;
        }

        long number = type == CopyType.Shard ? ShardKey.Of(rows.GetBlob(column)).Number : rows.GetInt64(column);
        digest.Add(number);
        switch (type)
        {
            case CopyType.Shard or CopyType.Int16: writer.Write((short)number, CopyTable.DbTypeOf(type)); break;
            case CopyType.Int32: writer.Write((int)number, CopyTable.DbTypeOf(type)); break;
            case CopyType.Boolean: writer.Write(number != 0, CopyTable.DbTypeOf(type)); break;
            default: writer.Write(number, CopyTable.DbTypeOf(type)); break;
        }
    }

    private static async Task ReadBackAsync(NpgsqlConnection target, CopyTable table, RowDigest digest, CancellationToken cancellationToken)
    {
        string sql = $"COPY (SELECT {table.Columns} FROM agentflow.{table.Name}) TO STDOUT (FORMAT BINARY)";
        await using var reader = await target.BeginBinaryExportAsync(sql, cancellationToken).ConfigureAwait(false);
        reader.Timeout = s_patience;
        while (await reader.StartRowAsync(cancellationToken).ConfigureAwait(false) >= 0)
        {
            foreach (var type in table.Types)
                await ReadAsync(reader, type, digest, cancellationToken).ConfigureAwait(false);
            digest.EndRow();
        }
    }

    private static async Task ReadAsync(NpgsqlBinaryExporter reader, CopyType type, RowDigest digest, CancellationToken cancellationToken)
    {
        if (reader.IsNull)
        {
            digest.Add(null);
            await reader.SkipAsync(cancellationToken).ConfigureAwait(false);
            return;
        }

        var dbType = CopyTable.DbTypeOf(type);
        switch (type)
        {
            case CopyType.Bytes: digest.Add(await reader.ReadAsync<byte[]>(dbType, cancellationToken).ConfigureAwait(false)); break;
            case CopyType.Uuid: digest.Add((await reader.ReadAsync<Guid>(dbType, cancellationToken).ConfigureAwait(false)).ToByteArray(bigEndian: true)); break;
            case CopyType.Shard or CopyType.Int16: digest.Add(await reader.ReadAsync<short>(dbType, cancellationToken).ConfigureAwait(false)); break;
            case CopyType.Int32: digest.Add(await reader.ReadAsync<int>(dbType, cancellationToken).ConfigureAwait(false)); break;
            case CopyType.Boolean: digest.Add(await reader.ReadAsync<bool>(dbType, cancellationToken).ConfigureAwait(false) ? 1 : 0); break;
            default: digest.Add(await reader.ReadAsync<long>(dbType, cancellationToken).ConfigureAwait(false)); break;
        }
    }
}
