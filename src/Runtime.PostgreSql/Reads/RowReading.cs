using Npgsql;

namespace AgentFlow.PostgreSql.Reads;

/// <summary>Short forms for rows.</summary>
internal static class RowReading
{
    public static Bytes32 GetHash(this NpgsqlDataReader row, int column)
    {
        byte[] bytes = row.GetFieldValue<byte[]>(column);
        return bytes.Length == Bytes32.Size ? new Bytes32(bytes) : throw AgentStoreException.Damaged("id");
    }

    public static AgentId GetAgent(this NpgsqlDataReader row, int column) => new(row.GetHash(column));

    public static ThreadId GetThread(this NpgsqlDataReader row, int column) => new(row.GetHash(column));

    public static byte[] GetBlob(this NpgsqlDataReader row, int column) => row.GetFieldValue<byte[]>(column);

    /// <summary>Reads bytes, or null.</summary>
    public static byte[]? GetBytes(this NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetFieldValue<byte[]>(column);

    /// <summary>Reads a time in milliseconds.</summary>
    public static DateTimeOffset GetTime(this NpgsqlDataReader row, int column) => DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(column));

    /// <summary>Reads all rows.</summary>
    public static async Task<List<T>> ListAsync<T>(this NpgsqlDataReader reader, Func<NpgsqlDataReader, T> read, CancellationToken cancellationToken)
    {
        var rows = new List<T>();
        while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
            rows.Add(read(reader));
        return rows;
    }
}
